# tries: fetches a page from the host by every library at hand
# observe: the listener gets no connection
# expect: contained
for attempt in ("urllib.request.urlopen(url, timeout=1).read()", "http.client.HTTPConnection('127.0.0.1', HOST_PORT, timeout=1).request('GET', '/')"):
    try:
        import http.client
        import urllib.request

        url = f"http://127.0.0.1:{HOST_PORT}/"
        eval(attempt)
        print("came back")
    except Exception as error:
        print(type(error).__name__)
try:
    from pyodide.http import open_url

    print(open_url(f"http://127.0.0.1:{HOST_PORT}/").read())
except Exception as error:
    print(type(error).__name__)
