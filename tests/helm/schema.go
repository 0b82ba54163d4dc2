package main

import (
	"bytes"
	"fmt"
	"sort"
	"strings"

	jsonschema "github.com/santhosh-tekuri/jsonschema"
	"github.com/xeipuuv/gojsonschema"
)

// schema refuses values, by both libraries that versions of Helm check them with (gojsonschema before 3.18, jsonschema since).
type schema struct {
	older *gojsonschema.Schema
	newer *jsonschema.Schema
}

func compileSchema(text []byte) (*schema, error) {
	older, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(text))
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("file:///values.schema.json", document); err != nil {
		return nil, err
	}
	newer, err := compiler.Compile("file:///values.schema.json")
	if err != nil {
		return nil, err
	}
	return &schema{older, newer}, nil
}

// check returns why values are refused; an error of its own if the two disagree.
func (s *schema) check(values map[string]interface{}) error {
	result, err := s.older.Validate(gojsonschema.NewGoLoader(values))
	if err != nil {
		return err
	}
	var complaints []string
	for _, each := range result.Errors() {
		complaints = append(complaints, each.String())
	}
	sort.Strings(complaints)
	newer := s.newer.Validate(values)
	switch {
	case result.Valid() != (newer == nil):
		return fmt.Errorf("the schema means one thing to Helm before 3.18 (%s) and another since (%v)", strings.Join(complaints, "; "), newer)
	case newer != nil:
		return fmt.Errorf("values: %s", strings.Join(complaints, "; "))
	}
	return nil
}
