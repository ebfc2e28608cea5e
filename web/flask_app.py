"""Flask without what we do not use: no cookie session, no hooks around each response."""

from collections.abc import Sequence
from typing import Any

import flask
from flask.sessions import SecureCookieSession, SessionInterface
from flask.typing import ResponseReturnValue
from werkzeug.routing import MapAdapter
from werkzeug.wrappers import Response as BaseResponse

from web import problems
from web.door import BODY_LIMIT
from web.edge import Edge


class NoSession(SessionInterface):
    """Sessions are rows in PostgreSQL and come as bearer tokens or the console's own cookie."""

    _NULL = SecureCookieSession()

    def open_session(self, app: flask.Flask, request: flask.Request) -> SecureCookieSession:
        """Nothing to read."""
        del app, request
        return self._NULL

    def is_null_session(self, obj: object) -> bool:
        """Never saved."""
        del obj
        return True

    def save_session(self, app: flask.Flask, session: Any, response: BaseResponse) -> None:
        """Nothing to write."""


class YimaFlask(flask.Flask):
    """The Flask object under the edge wrapper."""

    session_interface = NoSession()

    def create_url_adapter(self, request: flask.Request | None) -> MapAdapter | None:
        """Match by path alone: the host is the gateway's business, and no address of ours is made from it."""
        if request is None:
            return None
        environ = request.environ
        return self.url_map.bind(
            "yima",
            script_name=environ.get("SCRIPT_NAME") or "/",
            path_info=environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace"),
            default_method=environ["REQUEST_METHOD"],
            query_args=environ.get("QUERY_STRING", ""),
        )

    def full_dispatch_request(self) -> flask.Response:
        """Dispatch without before- and after-request hooks: a test promises that no room registers one."""
        try:
            answered: ResponseReturnValue = self.dispatch_request()
        except Exception as error:  # noqa: BLE001 - the one place where a surprise becomes a problem answer
            answered = self.handle_user_exception(error)
        return answered if type(answered) is flask.Response else self.make_response(answered)


def make(manners: Sequence[problems.Manner] = ()) -> YimaFlask:
    """An empty program: errors in one shape and in the manner of each address, the edge around it."""
    flask_app = YimaFlask("yima", static_folder=None)
    flask_app.json.sort_keys = False  # type: ignore[attr-defined]
    # Nothing redirects: an address either is right or is answered with 404.
    flask_app.url_map.strict_slashes = False
    flask_app.url_map.merge_slashes = False
    flask_app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    flask_app.config["MAX_FORM_PARTS"] = 40
    problems.register(flask_app, manners)
    flask_app.wsgi_app = Edge(flask_app.wsgi_app)  # type: ignore[method-assign]
    return flask_app
