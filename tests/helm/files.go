package main

import "path"

// files is .Files in a template: what is in the chart and no template, by path.
type files map[string][]byte

// Get is a file's text; nothing if there is none.
func (f files) Get(name string) string { return string(f[name]) }

// Glob is the files whose paths match a pattern. (Helm's patterns know ** too; the chart uses none.)
func (f files) Glob(pattern string) files {
	found := files{}
	for name, content := range f {
		if matches, err := path.Match(pattern, name); err == nil && matches {
			found[name] = content
		}
	}
	return found
}
