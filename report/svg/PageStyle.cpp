#include "report/svg/PageStyle.hpp"

namespace loopsim {

// The series are Okabe and Ito's colours (jfly.uni-koeln.de/color), told apart also by people who see fewer, and two
// more. Heat goes along cividis (Nunez, Anderton and Renslow, PLOS ONE 13(7), 2018), whose lightness grows evenly for
// all of them: from the paper's colour to its opposite. Nothing here may need escaping in XML.

std::string_view drawing_style() {
  return R"(:root { color-scheme: light; --paper: #fff; --ink: #1a1a1a; --faint: #666; --grid: #ddd; --line: #999; --card: #f6f6f4; }
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --paper: #17181a; --ink: #e8e8e6; --faint: #a3a3a0; --grid: #37393c; --line: #777; --card: #212326; }
}
svg { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
svg text { fill: var(--ink); }
svg .middle { text-anchor: middle; }
svg .end { text-anchor: end; }
svg .small { font-size: 11px; fill: var(--faint); }
svg .inside { fill: #000; font-size: 11px; }
svg .grid { stroke: var(--grid); }
svg .joint { stroke: var(--line); stroke-dasharray: 2 2; }
svg .frame { fill: none; stroke: var(--line); }
svg .total, svg .idle { fill: #a8a8a8; }
svg .compute, svg .s0 { fill: #56b4e9; }
svg .dram, svg .s1, svg .more { fill: #e69f00; }
svg .glb, svg .s2, svg .less { fill: #33b18d; }
svg .noc, svg .s3 { fill: #cc79a7; }
svg .space, svg .s4 { fill: #f0e442; }
svg .write, svg .s5 { fill: #d5734a; }
svg .wait, svg .s6 { fill: #8f9bd8; }
svg .ramp, svg .s7 { fill: #cfcfcf; }
svg .drain, svg .s8 { fill: #8a8a8a; }
svg .memory, svg .s9 { fill: #c9a66b; }
svg .dram2 { fill: #ffb86b; }
svg .dram3 { fill: #ffe0b5; }
svg .dram4 { fill: #d9b3ff; }
svg .glb2 { fill: #a3dccb; }
svg .glb3 { fill: #9bd46a; }
svg .glb4 { fill: #d7e8a0; }
svg .glb5 { fill: #6fb7b0; }
svg .noc2 { fill: #ecc7dd; }
svg .noc3 { fill: #f2b8b8; }
svg .formula, svg .other { fill: #b5c689; }
svg .curve { fill: none; stroke: #2b8fd0; stroke-width: 1.5; }
svg .limit { fill: none; stroke: #d5734a; stroke-width: 1.5; stroke-dasharray: 6 3; }
svg .need { fill: none; stroke: #33a182; stroke-width: 1.5; stroke-dasharray: 2 3; }
svg .roof { fill: none; stroke: var(--ink); stroke-width: 1.5; }
svg .open { fill: var(--paper); stroke: var(--ink); stroke-width: 1.5; }
svg .edge { fill: none; stroke: var(--line); stroke-width: 1.2; }
svg .loop { fill: #dcebf7; stroke: #4a86b5; }
svg .storage { fill: #e3f1e4; stroke: #4f9a58; }
svg .branch { fill: #fbeccb; stroke: #c08a1e; }
svg .operation { fill: #f3dde9; stroke: #b0638d; }
svg .node { fill: #111; text-anchor: middle; }
)";
}

std::string_view page_style() {
  return R"(:root { --h1: #fee838; --h2: #e1cc55; --h3: #c3b369; --h4: #a59c74; --h5: #8a8678; --h6: #707173; --h7: #3b496c; --h8: #00224e; }
@media screen and (prefers-color-scheme: dark) { :root { --h1: #3b496c; --h2: #575d6d; --h3: #707173; --h4: #8a8678; --h5: #a59c74; --h6: #c3b369; --h7: #e1cc55; --h8: #fee838; } }
svg .h0 { fill: var(--card); stroke: var(--grid); stroke-width: .5; }
svg .h1 { fill: var(--h1); }
svg .h2 { fill: var(--h2); }
svg .h3 { fill: var(--h3); }
svg .h4 { fill: var(--h4); }
svg .h5 { fill: var(--h5); }
svg .h6 { fill: var(--h6); }
svg .h7 { fill: var(--h7); }
svg .h8 { fill: var(--h8); }
body { margin: 0 auto; max-width: 120rem; padding: 1rem 2rem; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: .5rem 0; overflow-wrap: anywhere; }
a { color: inherit; }
.runs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 36rem), 1fr)); gap: 1.5rem; }
.run { min-width: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .6rem; margin: 0; }
.cards div { background: var(--card); border: 1px solid var(--grid); border-radius: .4rem; padding: .5rem .7rem; }
.cards dt { color: var(--faint); font-size: .8rem; } .cards dd { margin: 0; } .cards .main { font-size: 1.15rem; font-weight: 600; }
figure { margin: 0; } .drawing { overflow-x: auto; } figure svg { max-width: 100%; min-width: 34rem; height: auto; }
figcaption, .source { color: var(--faint); font-size: .85rem; max-width: 60rem; }
details { font-size: .85rem; margin-top: .3rem; } .scroll { max-height: 24rem; overflow: auto; } .whole { max-height: none; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--grid); padding: .1rem .5rem; text-align: left; }
tbody th { font-weight: normal; } thead th { background: var(--card); } caption { text-align: left; padding: .5rem 0 .2rem; }
.scroll.small { font-size: .85rem; }
.limits { font-size: .9rem; margin-top: .6rem; } .limits td:not(.number) { overflow-wrap: anywhere; } .limits td:last-child { min-width: 13rem; } .limits td:nth-child(4) { min-width: 7rem; }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.warnings { border-left: 3px solid #e69f00; padding-left: 1rem; overflow-wrap: anywhere; }
@media print { body { padding: 0; max-width: none; font-size: 10pt; } figure, .cards div { break-inside: avoid; } h2, h3 { break-after: avoid; } figure svg { min-width: 0; } .limits td:nth-child(n) { min-width: 0; } details { display: none; } .scroll { max-height: none; overflow: visible; } .runs { grid-template-columns: 1fr; } }
)";
}

}  // namespace loopsim
