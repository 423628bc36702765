"""Validates lines of JSON by a schema: validate_json.py SCHEMA < LINES

Then shows that the schema is strict: it refuses the first line of each form with a field more, less or renamed.
"""

import copy
import datetime
import json
import sys

import jsonschema

formats = jsonschema.FormatChecker()


@formats.checks("date-time", ValueError)
def is_time(value):
    return not isinstance(value, str) or value.endswith("Z") and bool(datetime.datetime.fromisoformat(value))


@formats.checks("date", ValueError)
def is_date(value):
    return not isinstance(value, str) or len(value) == 10 and bool(datetime.date.fromisoformat(value))


def objects(value, place=()):
    """The objects in a value, with their places."""
    if isinstance(value, dict):
        yield place, value
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from objects(part, (*place, name))


def changed(line, place, change):
    copied = copy.deepcopy(line)
    part = copied
    for name in place:
        part = part[name]
    change(part)
    return copied


def check_strictness(validator, line, seen):
    """Objects at places that differ only in the index are one form."""
    for place, found in objects(line):
        form = (*("*" if isinstance(name, int) else name for name in place), *sorted(found))
        if form in seen:
            continue
        seen.add(form)
        changes = {"more": lambda part: part.update(a_new_field=1)}
        for field in found:
            changes[f"{field} renamed"] = lambda part, field=field: part.update({field + "s": part.pop(field)})
            changes[f"{field} of another type"] = lambda part, field=field: part.update({field: [[]]})
        for name, change in changes.items():
            if validator.is_valid(changed(line, place, change)):
                sys.exit(f"{place} is valid with a field {name}")


def main():
    with open(sys.argv[1]) as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=formats)
    seen = set()
    for line in map(json.loads, sys.stdin):
        for error in validator.iter_errors(line):
            sys.exit(f"{error.json_path}: {error.message[:2000]}\n{json.dumps(line)[:2000]}")
        check_strictness(validator, line, seen)
    print(len(seen))


main()
