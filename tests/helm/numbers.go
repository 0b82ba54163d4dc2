package main

import "math"

// checkNumbers: values from --set are whole numbers, those from files are not; what is made of them is the same.
func checkNumbers(c *chart, s *schema, cases map[string]*testCase, found *report) {
	one := cases["everything"]
	c = c.withFiles(one.Files)
	written, _, err := install(c, s, one.Values, one.as())
	found.expect(err == nil, "%v", err)
	if err != nil {
		return
	}
	set, err := c.render(whole(coalesce(c.values, one.Values)).(map[string]interface{}), one.as())
	found.expect(err == nil, "%v", err)
	for source, text := range written.texts {
		found.expect(set[source] == text, "%s: differs with numbers from --set", source)
	}
}

func whole(value interface{}) interface{} {
	switch value := value.(type) {
	case float64:
		if value == math.Trunc(value) {
			return int64(value)
		}
	case map[string]interface{}:
		for key, each := range value {
			value[key] = whole(each)
		}
	case []interface{}:
		for i, each := range value {
			value[i] = whole(each)
		}
	}
	return value
}
