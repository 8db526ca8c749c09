"""Is a reply what AWS's own models say? Every element and member on the wire must be known to botocore's model of the operation, arrive in what
botocore makes of it, and every error must be one that the model declares or AWS documents for all its services.
"""

import base64
import datetime as dt
import json
import urllib.parse
import xml.etree.ElementTree as etree

# Errors of every service: IAM's and STS' "Common errors" pages, and their names in the JSON protocols.
COMMON_QUERY = {
    "AccessDenied", "ExpiredToken", "IncompleteSignature", "InternalFailure", "InvalidAction", "InvalidClientTokenId", "InvalidParameterValue",
    "MalformedInput", "MissingAuthenticationToken", "MissingParameter", "OptInRequired", "RequestExpired", "ServiceUnavailable",
    "SignatureDoesNotMatch", "Throttling", "ValidationError",
}
COMMON_JSON = {
    "AccessDeniedException", "ExpiredTokenException", "IncompleteSignatureException", "InternalFailure", "InvalidSignatureException",
    "MissingAuthenticationTokenException", "SerializationException", "ThrottlingException", "UnknownOperationException",
    "UnrecognizedClientException", "ValidationException",
}
# S3's model declares next to none; these are from the list in its API reference. To HEAD it answers with the status alone.
COMMON_S3 = {
    "AccessDenied", "BucketAlreadyExists", "BucketNotEmpty", "ExpiredToken", "InternalError", "InvalidAccessKeyId", "InvalidArgument",
    "InvalidBucketName", "InvalidRange", "NoSuchBucket", "NoSuchKey", "NotImplemented", "PermanentRedirect", "RequestTimeTooSkewed",
    "SignatureDoesNotMatch", "SlowDown",
}


class Spy:
    """Listens to a client and checks all its replies. `problems` tells what was wrong, `seen` what was called and how it ended."""

    def __init__(self):
        self.problems, self.seen = [], []

    def watch(self, client):
        # First, since botocore decodes policy documents in `after-call.iam` handlers of its own.
        service = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register_first(f"after-call.{service}", self._reply)
        return client

    def _reply(self, http_response, parsed, model, **_):
        service, operation = model.service_model.service_name, model.name
        code = parsed.get("Error", {}).get("Code") if http_response.status_code >= 300 else None
        self.seen.append((service, operation, code))
        # What is streamed can be read once, by whoever asked for it.
        body = b"" if model.has_streaming_output and not code else http_response.content
        found = check(model, http_response.status_code, http_response.headers, body, parsed)
        self.problems += [f"{service} {operation}{' ' + code if code else ''}: {problem}" for problem in found]


def check(model, status, headers, body, parsed) -> list:
    """What is wrong with one reply; `parsed` is what botocore made of it, before its own changes to it."""
    problems = []
    if not parsed.get("ResponseMetadata", {}).get("RequestId"):
        problems.append("no request id")
    protocol = model.service_model.resolved_protocol if hasattr(model.service_model, "resolved_protocol") else model.service_model.protocol
    if protocol == "query":
        return problems + _check_query(model, status, headers, body, parsed)
    if protocol == "rest-xml":
        return problems + _check_object_reply(model, status, headers, body, parsed)
    return problems + _check_json(model, status, headers, body, parsed)


def _declared(model, code):
    """The shape of the error with that code on the wire; None where the operation does not declare it."""
    for shape in model.error_shapes:
        if code in (shape.name, shape.metadata.get("error", {}).get("code")):
            return shape
    return None


def _check_error(model, status, code, common) -> list:
    shape = _declared(model, code)
    if shape is None:
        return [] if code in common else [f"error {code!r} is neither declared by the operation nor common to all"]
    wanted = shape.metadata.get("error", {}).get("httpStatusCode")
    return [f"error {code} has status {status}, not {wanted}"] if wanted and wanted != status else []


# --- the query protocol


def _bare(element) -> str:
    return element.tag.rpartition("}")[2]


def _check_query(model, status, headers, body, parsed) -> list:
    if "xml" not in headers.get("content-type", ""):
        return [f"content type {headers.get('content-type')!r}"]
    root = etree.fromstring(body)
    children = {_bare(child): child for child in root}
    if not root.tag.startswith("{" + model.service_model.metadata["xmlNamespace"] + "}"):
        return [f"namespace of {root.tag!r}"]
    if status >= 300:
        problems = [] if _bare(root) == "ErrorResponse" and set(children) == {"Error", "RequestId"} else [
            f"an error document of {_bare(root)} {sorted(children)}"
        ]
        members = {_bare(child): child.text or "" for child in children.get("Error", ())}
        if not {"Type", "Code", "Message"} <= set(members) or members["Type"] not in ("Sender", "Receiver"):
            problems.append(f"an error of {members}")
        if parsed["Error"].get("Message") != members.get("Message"):
            problems.append("the message does not arrive")
        return problems + _check_error(model, status, members.get("Code"), COMMON_QUERY)
    problems = [] if _bare(root) == f"{model.name}Response" else [f"root element {_bare(root)}"]
    result = f"{model.name}Result"
    unknown = set(children) - {result, "ResponseMetadata"}
    if unknown or "ResponseMetadata" not in children:
        problems.append(f"children {sorted(children)}")
    if model.output_shape is None or not model.output_shape.members:
        return problems + ([f"{result} for an operation without output"] if len(children.get(result, ())) else [])
    if result not in children:
        return problems + [f"no {result}"]
    return problems + _walk_xml(children[result], model.output_shape, parsed, result)


def _walk_xml(element, shape, parsed, path) -> list:
    kind = shape.type_name
    if kind == "structure":
        return _walk_xml_structure(element, shape, parsed, path)
    if kind == "list":
        name = shape.member.serialization.get("name", "member")
        wrong = [_bare(child) for child in element if _bare(child) != name]
        if wrong:
            return [f"{path}: elements {wrong} in a list of {name}"]
        if not isinstance(parsed, list) or len(parsed) != len(element):
            return [f"{path}: {len(element)} elements arrive as {parsed!r}"]
        return [
            problem for index, child in enumerate(element)
            for problem in _walk_xml(child, shape.member, parsed[index], f"{path}[{index}]")
        ]
    if kind == "map":
        return _walk_xml_map(element, shape, parsed, path)
    if len(element):
        return [f"{path}: elements in a {kind}"]
    return _check_scalar(element.text or "", shape, parsed, path)


def _walk_xml_structure(element, shape, parsed, path) -> list:
    known = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
    problems, there = [], set()
    for child in element:
        if _bare(child) not in known:
            problems.append(f"{path}: {_bare(child)} is not in the model")
            continue
        name, member = known[_bare(child)]
        if name in there:
            problems.append(f"{path}.{name}: twice")
        there.add(name)
        if name not in parsed:
            problems.append(f"{path}.{name}: does not arrive")
            continue
        problems += _walk_xml(child, member, parsed[name], f"{path}.{name}")
    return problems + [f"{path}: {name} is missing" for name in shape.required_members if name not in there]


def _walk_xml_map(element, shape, parsed, path) -> list:
    key_name = shape.key.serialization.get("name", "key")
    value_name = shape.value.serialization.get("name", "value")
    problems = []
    for entry in element:
        parts = {_bare(part): part for part in entry}
        if _bare(entry) != "entry" or set(parts) != {key_name, value_name}:
            problems.append(f"{path}: a map's {_bare(entry)} of {sorted(parts)}")
            continue
        key = parts[key_name].text or ""
        if key not in parsed:
            problems.append(f"{path}: {key} does not arrive")
            continue
        problems += _walk_xml(parts[value_name], shape.value, parsed[key], f"{path}.{key}")
    return problems


# --- rest-xml


def _check_object_reply(model, status, headers, body, parsed) -> list:
    if status >= 300:
        if model.http["method"] == "HEAD":
            return [f"a body of {len(body)} bytes to HEAD"] if body else []
        root = etree.fromstring(body)
        members = {_bare(child): child.text or "" for child in root}
        problems = [] if root.tag == "Error" and {"Code", "Message", "RequestId"} <= set(members) else [f"an error document {members}"]
        if (parsed["Error"].get("Code"), parsed["Error"].get("Message")) != (members.get("Code"), members.get("Message")):
            problems.append(f"the error arrives as {parsed['Error']}")
        return problems + _check_error(model, status, members.get("Code"), COMMON_S3)
    problems = []
    for name, member in (model.output_shape.members if model.output_shape else {}).items():
        if member.serialization.get("location") == "header" and member.serialization["name"] in headers and name not in parsed:
            problems.append(f"{name}: the header does not arrive")
    if model.has_streaming_output or not body:
        return problems
    root = etree.fromstring(body)
    if not root.tag.startswith("{http://s3.amazonaws.com/doc/2006-03-01/}"):
        problems.append(f"namespace of {root.tag!r}")
    if model.name == "GetBucketLocation":  # the one document whose text is in the root itself
        return problems
    if any(_bare(child) == "EncodingType" and child.text == "url" for child in root):
        # botocore asks for this on its own account, and has decoded what it got.
        for each in root.iter():
            if _bare(each) in ("Delimiter", "Key", "Prefix", "StartAfter"):
                each.text = urllib.parse.unquote(each.text or "")
    return problems + _walk_flat(root, model.output_shape, parsed, model.name)


def _walk_flat(element, shape, parsed, path) -> list:
    """A structure whose lists may stand in it without a frame, one element for each item."""
    known = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
    # A list without a frame is named by its members.
    known |= {
        member.member.serialization["name"]: (name, member) for name, member in shape.members.items()
        if member.type_name == "list" and member.serialization.get("flattened") and "name" in member.member.serialization
    }
    problems, counts = [], {}
    for child in element:
        if _bare(child) not in known:
            problems.append(f"{path}: {_bare(child)} is not in the model")
            continue
        name, member = known[_bare(child)]
        if name not in parsed:
            problems.append(f"{path}.{name}: does not arrive")
        elif member.type_name == "list" and member.serialization.get("flattened"):
            index = counts[name] = counts.get(name, -1) + 1
            problems += _walk_flat_value(child, member.member, parsed[name][index], f"{path}.{name}[{index}]")
        else:
            problems += _walk_flat_value(child, member, parsed[name], f"{path}.{name}")
    problems += [f"{path}.{name}: {last + 1} elements, {len(parsed[name])} arrive" for name, last in counts.items() if len(parsed[name]) != last + 1]
    return problems


def _walk_flat_value(element, shape, parsed, path) -> list:
    if shape.type_name == "structure":
        return _walk_flat(element, shape, parsed, path)
    if shape.type_name == "list":
        return [
            problem for index, child in enumerate(element)
            for problem in _walk_flat_value(child, shape.member, parsed[index], f"{path}[{index}]")
        ]
    text = element.text or ""
    if shape.type_name == "timestamp":
        text = text.replace(".000Z", "Z")
    return _check_scalar(text, shape, parsed, path)


# --- the JSON protocols


def _check_json(model, status, headers, body, parsed) -> list:
    wanted = "application/x-amz-json-1." if model.service_model.metadata["protocol"] == "json" else "application/json"
    if not headers.get("content-type", "").startswith(wanted):
        return [f"content type {headers.get('content-type')!r}"]
    document = json.loads(body) if body else {}
    if status >= 300:
        code = (document.get("__type") or headers.get("x-amzn-errortype", "")).rpartition("#")[2].partition(":")[0]
        shape = _declared(model, code)
        # Not every model names the message, though every error has one.
        members = {"message"} | set(shape.members if shape is not None else ["Message"])
        unknown = set(document) - members - {"__type"}
        problems = [f"an error of {sorted(document)}, where {sorted(members)} are known"] if unknown else []
        if parsed["Error"].get("Code") != code:
            problems.append(f"the code arrives as {parsed['Error'].get('Code')!r}")
        return problems + _check_error(model, status, code, COMMON_JSON)
    if model.output_shape is None:
        return [f"members {sorted(document)} of an operation without output"] if document else []
    return _walk_json(document, model.output_shape, parsed, model.name)


def _walk_json(value, shape, parsed, path) -> list:
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is no object"]
        known = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
        problems = [f"{path}: {key} is not in the model" for key in value if key not in known]
        for key in value.keys() & known.keys():
            name, member = known[key]
            if value[key] is None:
                problems.append(f"{path}.{name}: null")
            elif name not in parsed:
                problems.append(f"{path}.{name}: does not arrive")
            else:
                problems += _walk_json(value[key], member, parsed[name], f"{path}.{name}")
        missing = [name for name in shape.required_members if shape.members[name].serialization.get("name", name) not in value]
        return problems + [f"{path}: {name} is missing" for name in missing]
    if kind == "list":
        if not isinstance(value, list) or len(value) != len(parsed):
            return [f"{path}: {value!r} arrives as {parsed!r}"]
        return [
            problem for index, each in enumerate(value)
            for problem in _walk_json(each, shape.member, parsed[index], f"{path}[{index}]")
        ]
    if kind == "map":
        return [
            problem for key, each in value.items()
            for problem in _walk_json(each, shape.value, parsed.get(key), f"{path}.{key}")
        ]
    return _check_scalar(value, shape, parsed, path)


# --- single values

_JSON_TYPES = {"string": str, "boolean": bool, "integer": int, "long": int, "double": (int, float), "float": (int, float)}


def _check_scalar(value, shape, parsed, path) -> list:
    """`value` as it stands on the wire: a text in XML, anything in JSON."""
    kind = shape.type_name
    problem = [f"{path}: {value!r} arrives as {parsed!r}"]
    if kind == "timestamp":
        moment = parsed if isinstance(parsed, dt.datetime) else None
        if moment is None:
            return problem
        if isinstance(value, str):
            return [] if value == moment.strftime("%Y-%m-%dT%H:%M:%SZ") else problem
        return [] if isinstance(value, (int, float)) and abs(value - moment.timestamp()) < 0.002 else problem
    if kind == "blob":
        return [] if base64.b64decode(value) == parsed else problem
    if isinstance(value, str) and kind != "string":
        expected = {"boolean": lambda: {"true": True, "false": False}[value], "double": lambda: float(value)}.get(kind, lambda: int(value))()
        return [] if expected == parsed else problem
    if not isinstance(value, _JSON_TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return [f"{path}: {value!r} is no {kind}"]
    allowed = getattr(shape, "enum", [])
    if allowed and value not in allowed:
        return [f"{path}: {value!r} is none of {allowed}"]
    return [] if value == parsed else problem
