#pragma once

#include <nlohmann/json.hpp>

#include "mapping/BoundTree.hpp"
#include "runs/CaseResult.hpp"
#include "runs/Ladder.hpp"

namespace loopsim {

/// The version of the document's layout. Within a version keys are only added.
constexpr int stats_schema_version = 1;

/// The document `stats.json` (docs/output.md). It depends on the inputs alone, not on where or when it is made.
nlohmann::ordered_json stats_document(const BoundTree& tree, const CaseResult& result, const Provenance& provenance);

/// The document with the key `ladder`, which replaces one that is there.
void add_ladder(nlohmann::ordered_json& document, const Ladder& ladder);

}  // namespace loopsim
