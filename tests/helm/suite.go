package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// suite runs tests and keeps what came of them.
type suite struct {
	chart     *chart
	schema    *schema
	lines     []string
	failed    bool
	rendered  int
	manifests int
	looked    int
	configs   map[launch]bool
}

// launch is what an agent in a pod starts with.
type launch struct{ config, environment string }

// note runs one test.
func (s *suite) note(name string, test func(*report)) {
	found := &report{}
	test(found)
	s.looked += found.looked
	if len(found.findings) == 0 {
		s.lines = append(s.lines, "pass helm."+name)
		return
	}
	s.failed = true
	s.lines = append(s.lines, fmt.Sprintf("fail helm.%s %s", name, strings.ReplaceAll(summary(found.findings), "\n", " ")))
	for _, each := range found.findings {
		fmt.Fprintf(os.Stderr, "helm.%s: %s\n", name, each)
	}
}

func (s *suite) test(name string, one *testCase) {
	s.note(name, func(found *report) { s.install(one, found) })
}

// matrix runs all combinations as one test: they have names, but nobody wants a thousand lines.
func (s *suite) matrix(combinations []*testCase) {
	s.note("matrix", func(found *report) {
		found.expect(len(combinations) > 100, "%d combinations", len(combinations))
		for _, each := range combinations {
			inner := &report{}
			s.install(each, inner)
			found.looked += inner.looked
			for _, finding := range inner.findings {
				found.findings = append(found.findings, each.name+": "+finding)
			}
		}
	})
}

func (s *suite) install(one *testCase, found *report) {
	made := one.run(s.chart, s.schema, found)
	s.rendered++
	if made == nil {
		return
	}
	s.manifests += len(made.objects)
	for part, config := range made.configurations() {
		s.configs[launch{config, strings.Join(made.environment(part), "\n")}] = true
	}
}

// finish writes the results and the configurations.
func (s *suite) finish(results, configs string) error {
	fmt.Printf("helm: %d sets of values, %d manifests, %d checks\n", s.rendered, s.manifests, s.looked)
	if err := s.writeLaunches(configs); err != nil {
		return err
	}
	text := strings.Join(append(s.lines, ""), "\n")
	if results == "" {
		fmt.Print(text)
	} else if err := os.WriteFile(results, []byte(text), 0o644); err != nil {
		return err
	}
	if s.failed {
		os.Exit(1)
	}
	return nil
}

// writeLaunches writes each once: NUMBER.yaml, and NUMBER.env with a variable a line.
func (s *suite) writeLaunches(directory string) error {
	if directory == "" {
		return nil
	}
	launches := make([]launch, 0, len(s.configs))
	for each := range s.configs {
		launches = append(launches, each)
	}
	sort.Slice(launches, func(i, j int) bool {
		return launches[i].config+launches[i].environment < launches[j].config+launches[j].environment
	})
	for i, each := range launches {
		for extension, text := range map[string]string{"yaml": each.config, "env": each.environment} {
			if err := os.WriteFile(filepath.Join(directory, fmt.Sprintf("%03d.%s", i, extension)), []byte(text+"\n"), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}
