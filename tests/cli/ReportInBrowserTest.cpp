// What a browser makes of a page.
#include <gtest/gtest.h>

#include "tests/cli/Browser.hpp"
#include "tests/cli/ReportCommand.hpp"

namespace loopsim {
namespace {

/// The same page with a script that measures what the browser drew.
std::string with_measurements(std::string page) {
  const std::string policy = "default-src 'none'";
  page.insert(page.find(policy) + policy.size(), "; script-src 'unsafe-inline'");
  page.insert(page.find("</body>"), R"(<script>
    const charts = [...document.querySelectorAll('figure svg')];
    const drawn = svg => svg.getBBox().width > 100 && svg.getBoundingClientRect().height > 20;
    const spills = svg => {
      const inner = svg.getBBox(), room = svg.viewBox.baseVal;
      return inner.x < -1 || inner.y < -1 || inner.x + inner.width > room.width + 1
        || inner.y + inner.height > room.height + 1;
    };
    const body = document.body.dataset;
    body.drawn = charts.filter(drawn).length;
    body.spilled = charts.filter(spills).map(svg => svg.closest('figure').id).join(' ') || 'none';
    body.wide = document.documentElement.scrollWidth > innerWidth;
    </script>)");
  return page;
}

std::string measured_value(const std::string& document, const std::string& name) {
  const std::string start = "data-" + name + "=\"";
  const std::size_t at = document.find(start);
  if (at == std::string::npos) return "not measured";
  return document.substr(at + start.size(), document.find('"', at + start.size()) - at - start.size());
}

/// Nothing is asked for or complained about, every chart is there, and nothing sticks out of it or of the page.
void expect_sound(const std::string& chromium, const TemporaryFolder& folder, const ReadPage& page) {
  const BrowserView opened = view(chromium, folder, folder.write("opened.html", page.text));
  EXPECT_FALSE(opened.complained);
  EXPECT_EQ(opened.requests, 0U);
  const std::string measured = folder.write("measured.html", with_measurements(page.text));
  for (const int width : {1400, 500}) {
    const std::string document = view(chromium, folder, measured, width).document;
    EXPECT_EQ(measured_value(document, "drawn"), std::to_string(page.figures.size()));
    EXPECT_EQ(measured_value(document, "spilled"), "none");
    EXPECT_EQ(measured_value(document, "wide"), "false") << width;
  }
}

TEST_F(ReportCommand, OpensInABrowser) {
  const std::string chromium = find_chromium();
  if (chromium.empty()) GTEST_SKIP() << "needs Debian's package chromium";
  make("run", {"run", "preset:mobilenetv2_block/fused", "preset:edge", "--fidelity", "noc", "--trace", "chrome"});
  make("ladder", {"ladder", "preset:fc_fc/fused", "preset:edge"});
  make("estimate", {"estimate", "preset:fc_fc/fused", "preset:edge"});
  const ReadPage page = report({"run", "ladder", "estimate"});
  EXPECT_GE(page.figures.size(), 30U);
  expect_sound(chromium, folder_, page);

  // A page that does both is noticed.
  const BrowserView bad = view(chromium, folder_, folder_.write("bad.html", R"(<!DOCTYPE html><html><body>
      <img src="http://example.invalid/picture.png"><script>nothing.there();</script></body></html>)"));
  EXPECT_TRUE(bad.complained);
  EXPECT_GT(bad.requests, 0U);
}

/// The preset with the most tiles, with meshes, traced transfer by transfer.
TEST_F(ReportCommand, TheLargestPresetMakesNoLargePage) {
  make("run", {"run", "preset:fsrcnn/fused", "preset:large", "--fidelity", "noc", "--trace", "chrome:transfer"});
  const ReadPage page = report({"run"});
  EXPECT_LT(page.text.size(), 5'000'000U);
  for (const char* chart : {"tiles-1", "occupancy-1", "bandwidth-1", "hits-1", "mesh-1"}) {
    EXPECT_EQ(page.figures.count(chart), 1U) << chart;
  }
  const std::string chromium = find_chromium();
  if (chromium.empty()) GTEST_SKIP() << "needs Debian's package chromium";
  expect_sound(chromium, folder_, page);
}

}  // namespace
}  // namespace loopsim
