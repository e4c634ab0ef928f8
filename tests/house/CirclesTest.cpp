#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>

#include "tests/house/SourceFiles.hpp"

namespace loopsim {
namespace {

using Graph = std::map<std::string, std::set<std::string>>;

std::string without_extension(const std::string& path) {
  return path.substr(0, path.rfind('.'));
}

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

/// A header and its source are one.
Graph includes_of(const std::vector<SourceFile>& files) {
  static const std::regex include(R"re(\s*#\s*include\s+"([^"]+)".*)re");
  Graph graph;
  std::smatch match;
  for (const SourceFile& file : files) {
    const std::string from = without_extension(file.path);
    for (const std::string& line : file.lines) {
      if (!std::regex_match(line, match, include)) continue;
      const std::string to = without_extension(match[1]);
      if (to != from) graph[from].insert(to);
    }
  }
  return graph;
}

Graph folders_of(const Graph& files) {
  Graph graph;
  for (const auto& [from, includes] : files) {
    for (const std::string& to : includes) {
      if (folder_of(from) != folder_of(to)) graph[folder_of(from)].insert(folder_of(to));
    }
  }
  return graph;
}

/// Some circle, from one of its members round to itself; empty if there is none.
class CircleSearch {
 public:
  explicit CircleSearch(const Graph& graph) : graph_(graph) {}

  std::vector<std::string> find() {
    for (const auto& [node, next] : graph_) {
      if (visit(node)) return path_;
    }
    return {};
  }

 private:
  bool visit(const std::string& node) {
    if (done_.count(node) > 0) return false;
    const bool closes = std::count(path_.begin(), path_.end(), node) > 0;
    path_.push_back(node);
    if (closes) {
      path_.erase(path_.begin(), std::find(path_.begin(), path_.end(), node));
      return true;
    }
    if (const auto next = graph_.find(node); next != graph_.end()) {
      for (const std::string& to : next->second) {
        if (visit(to)) return true;
      }
    }
    path_.pop_back();
    done_.insert(node);
    return false;
  }

  const Graph& graph_;
  std::set<std::string> done_;
  std::vector<std::string> path_;
};

TEST(Circles, OfFilesAreThereNone) {
  const Graph graph = includes_of(source_files());
  EXPECT_GT(graph.size(), 300U);
  EXPECT_EQ(fmt::format("{}", fmt::join(CircleSearch(graph).find(), " > ")), "");
}

TEST(Circles, OfFoldersAreThereNone) {
  const Graph graph = folders_of(includes_of(source_files()));
  EXPECT_GT(graph.size(), 20U);
  EXPECT_EQ(fmt::format("{}", fmt::join(CircleSearch(graph).find(), " > ")), "");
}

TEST(Circles, AreFound) {
  const std::vector<SourceFile> files = {{"a/One.hpp", {"#include \"b/Two.hpp\""}},
                                         {"b/Two.cpp", {"#include \"b/Two.hpp\"", "#include \"c/Three.hpp\""}},
                                         {"c/Three.hpp", {"#include <vector>", "#include \"b/Other.hpp\""}}};
  const Graph graph = includes_of(files);
  EXPECT_TRUE(CircleSearch(graph).find().empty());
  EXPECT_EQ(CircleSearch(folders_of(graph)).find(), (std::vector<std::string>{"b", "c", "b"}));
}

}  // namespace
}  // namespace loopsim
