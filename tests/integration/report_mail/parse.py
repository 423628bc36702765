"""Parses the message on standard input with Python's email package, and prints its parts as JSON."""

import base64
import email
import email.policy
import json
import sys


def described(part):
    leaf = not part.is_multipart()
    return {
        "type": part.get_content_type(),
        "charset": part.get_content_charset(),
        "headers": [[name, str(value)] for name, value in part.items()],
        "disposition": part.get_content_disposition(),
        "file_name": part.get_filename(),
        "defects": [repr(defect) for defect in part.defects]
        + [repr(defect) for value in part.values() for defect in value.defects],
        "content": base64.b64encode(part.get_payload(decode=True)).decode() if leaf else None,
        "parts": [] if leaf else [described(inner) for inner in part.iter_parts()],
    }


message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
json.dump(described(message), sys.stdout)
