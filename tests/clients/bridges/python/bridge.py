"""The official Python client, told what to do by one JSON object a line; answers with one each."""

import json
import sys

import razorpay


def run(client, what):
    if "verify" in what:
        body, signature, secret = what["verify"]
        try:
            client.utility.verify_webhook_signature(body, signature, secret)
            return {"answer": True}
        except razorpay.errors.SignatureVerificationError:
            return {"answer": False}
    if "resource" in what:
        resource, call = what["resource"]
        return {"answer": getattr(getattr(client, resource), call)(*what["arguments"])}
    return {"answer": getattr(client, what["method"])(what["path"], what.get("body"))}


def main():
    start = json.loads(sys.stdin.readline())
    client = razorpay.Client(auth=(start["key_id"], start["key_secret"]), base_url=start["url"])
    for line in sys.stdin:
        try:
            told = run(client, json.loads(line))
        except (razorpay.errors.BadRequestError, razorpay.errors.ServerError) as error:
            told = {"error": type(error).__name__, "message": str(error)}
        print(json.dumps(told), flush=True)


main()
