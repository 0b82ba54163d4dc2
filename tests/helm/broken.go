package main

import (
	"fmt"
	"strings"
)

// breakage is one entry of broken.yaml: a mistake in a template that some check must find.
type breakage struct {
	File    string `json:"file"`
	Text    string `json:"text"`
	Becomes string `json:"becomes"`
	// Case is the case that shows it.
	Case string `json:"case"`
	// Found is part of what is found.
	Found string `json:"found"`
}

// run breaks the chart and expects that the case fails for it.
func (b *breakage) run(c *chart, s *schema, cases map[string]*testCase, found *report) {
	shown, exists := cases[b.Case]
	if !exists {
		found.expect(false, "no case %q", b.Case)
		return
	}
	broken, err := c.with(b.File, b.Text, b.Becomes)
	if err != nil {
		found.expect(false, "%v", err)
		return
	}
	inner := &report{}
	shown.run(broken, s, inner)
	found.expect(strings.Contains(strings.Join(inner.findings, "\n"), b.Found), "is not found: %q is not among %s", b.Found, summary(inner.findings))
}

func summary(findings []string) string {
	switch len(findings) {
	case 0:
		return "0 findings"
	case 1:
		return findings[0]
	}
	return fmt.Sprintf("%s, and %d more", findings[0], len(findings)-1)
}
