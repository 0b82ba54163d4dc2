package main

import "strings"

// axis is one thing that users choose independently of the others: names of choices, and their values.
type axis struct {
	Name    string                            `json:"name"`
	Choices map[string]map[string]interface{} `json:"choices"`
}

// matrix is every combination of choices, as cases without expectations of their own: what holds for all values holds for each.
func matrix(path string) ([]*testCase, error) {
	var axes []axis
	if err := readFile(path, &axes); err != nil {
		return nil, err
	}
	cases := []*testCase{{name: "matrix", Values: map[string]interface{}{}}}
	for _, each := range axes {
		var product []*testCase
		for _, before := range cases {
			for _, choice := range sortedKeys(each.Choices) {
				values := copied(before.Values)
				overlay(values, copied(each.Choices[choice]))
				product = append(product, &testCase{name: strings.Join([]string{before.name, each.Name + "=" + choice}, " "), Values: values})
			}
		}
		cases = product
	}
	return cases, nil
}
