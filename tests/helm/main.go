// Renders the Helm chart as Helm would, for many sets of values, and looks at what comes of it: Kubernetes' own types, strictly; references
// between objects; what a pod may do; where secrets are. Built from Debian's packages alone: scripts/fetch-kubernetes-types.
//
// Prints a line a test: 'pass NAME', or 'fail NAME REASON', as scripts/sum-results reads them, and at the end what was looked at.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

func main() {
	tree := flag.String("tree", ".", "the source tree")
	results := flag.String("results", "", "file that the results are written to")
	configs := flag.String("configs", "", "directory that the agent's configurations are written to, each once, for the agent itself to judge")
	show := flag.String("show", "", "print the manifests of this case, and test nothing")
	inDocker := flag.String("docker", "", "write how Docker would run the agent of the case shown into this directory, and test nothing")
	flag.Parse()
	if err := run(*tree, *results, *configs, *show, *inDocker); err != nil {
		fmt.Fprintln(os.Stderr, "helm:", err)
		os.Exit(2)
	}
}

func run(tree, results, configs, show, inDocker string) error {
	loaded, err := loadChart(filepath.Join(tree, "deploy/helm/observe"))
	if err != nil {
		return err
	}
	schema, err := compileSchema(loaded.schema)
	if err != nil {
		return fmt.Errorf("values.schema.json: %w", err)
	}
	cases, err := readCases(filepath.Join(tree, "tests/helm/cases"))
	if err != nil {
		return err
	}
	if inDocker != "" {
		return docker(loaded, schema, cases[show], inDocker)
	}
	if show != "" {
		return print(loaded, schema, cases[show])
	}
	all := &suite{chart: loaded, schema: schema, configs: map[launch]bool{}}
	for _, name := range sortedKeys(cases) {
		all.test("case."+name, cases[name])
	}
	combinations, err := matrix(filepath.Join(tree, "tests/helm/matrix.yaml"))
	if err != nil {
		return err
	}
	all.matrix(combinations)
	broken := map[string]*breakage{}
	if err := readFile(filepath.Join(tree, "tests/helm/broken.yaml"), &broken); err != nil {
		return err
	}
	for _, name := range sortedKeys(broken) {
		all.note("broken."+name, func(found *report) { broken[name].run(loaded, schema, cases, found) })
	}
	all.note("rolling", func(found *report) { checkRolling(loaded, schema, cases, found) })
	all.note("numbers", func(found *report) { checkNumbers(loaded, schema, cases, found) })
	all.note("keys", func(found *report) { checkKeys(loaded, tree, found) })
	all.note("defaults", func(found *report) { checkDefaults(loaded, found) })
	all.note("copies", func(found *report) { checkCopies(loaded, schema, tree, found) })
	all.note("version", func(found *report) { checkVersion(loaded, tree, found) })
	return all.finish(results, configs)
}

// print writes the manifests of a case as helm template does.
func print(c *chart, s *schema, one *testCase) error {
	if one == nil {
		return fmt.Errorf("no such case")
	}
	if one.Files != nil {
		c = c.withFiles(one.Files)
	}
	made, findings, err := install(c, s, one.Values, one.as())
	if err != nil {
		return err
	}
	for _, source := range sortedKeys(made.texts) {
		if !isBlank(strings.ReplaceAll(made.texts[source], "---", "")) {
			fmt.Printf("---\n# Source: %s\n%s\n", source, strings.TrimSpace(made.texts[source]))
		}
	}
	sort.Strings(findings)
	fmt.Fprint(os.Stderr, strings.Join(append(findings, ""), "\n"))
	return nil
}
