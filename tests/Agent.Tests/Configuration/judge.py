#!/usr/bin/python3
"""Judges configuration files by a JSON Schema: python3-jsonschema for the schema, python3-ruamel.yaml for YAML 1.2.

Usage: judge.py SCHEMA. Each line of input is a document as a JSON string; each line of output says "valid", or what is wrong.
"""
import json
import sys

import jsonschema
import ruamel.yaml

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for line in sys.stdin:
    try:
        documents = list(ruamel.yaml.YAML(typ="safe", pure=True).load_all(json.loads(line)))
        errors = [f"{len(documents)} documents"] if len(documents) > 1 else [
            f"{'.'.join(map(str, each.absolute_path))}: {each.message}" for each in validator.iter_errors(documents[0] if documents else None)]
    except ruamel.yaml.error.YAMLError as error:
        errors = [f"not YAML: {error}"]
    print(json.dumps("; ".join(errors) or "valid"), flush=True)
