"""What the browser may ask, under ``beyondlabels/`` of Jupyter's own address: JSON in, JSON out, errors with a kind."""

import asyncio
import json

import tornado.web
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join

from ..errors import BeyondLabelsError
from . import course
from .places import Refused, named, within


class _Handler(APIHandler):
    """Authenticated and authorised like every handler of Jupyter; work is done beside the event loop."""

    auth_resource = "contents"

    @property
    def root(self):
        return self.settings["server_root_dir"]

    async def give(self, work, *arguments):
        """Answer with what ``work(*arguments)`` returns, or with its refusal as ``{"kind", "message"}``."""
        try:
            answer = await asyncio.to_thread(work, *arguments)
        except Refused as refused:
            self.refuse(refused.status, refused.kind, str(refused))
        except BeyondLabelsError as error:
            self.refuse(422, "failed", str(error))
        except tornado.web.HTTPError as error:  # Jupyter's own, such as a body that is no JSON
            self.refuse(error.status_code, "bad-request", error.log_message or str(error))
        except Exception:
            self.log.exception("beyondlabels: %s", self.request.path)
            self.refuse(500, "fault", "Something failed on the server; its log says what.")
        else:
            self.finish(json.dumps(answer, allow_nan=False))

    def refuse(self, status, kind, message):
        self.set_status(status)
        self.finish(json.dumps({"kind": kind, "message": message}))

    def asked(self, *names):
        """The named texts of a JSON body; raises ``Refused`` naming what is missing."""
        body = self.get_json_body()
        missing = [name for name in names if not isinstance(body, dict) or not isinstance(body.get(name), str)]
        if missing:
            raise Refused(400, "bad-request", f"expected a JSON object with the text {missing[0]!r}")
        return [body[name] for name in names]

    def place(self, path):
        return within(self.root, path, hidden=bool(getattr(self.contents_manager, "allow_hidden", False)))


class Course(_Handler):
    @tornado.web.authenticated
    @authorized
    async def get(self):
        await self.give(course.state, self.root)

    @tornado.web.authenticated
    @authorized
    async def post(self):
        """Make the course folder, or bring its lessons up to date."""
        await self.give(course.start, self.root)


class Reset(_Handler):
    @tornado.web.authenticated
    @authorized
    async def post(self):
        await self.give(lambda: course.reset(self.root, *self.asked("lesson")))


class Welcomed(_Handler):
    @tornado.web.authenticated
    @authorized
    async def post(self):
        await self.give(course.welcomed, self.root)


class Model(_Handler):
    @tornado.web.authenticated
    @authorized
    async def get(self):
        from . import model

        asked = self.get_query_argument("path", "")
        await self.give(lambda: model.model(place := self.place(asked), named(self.root, place)))


class Check(_Handler):
    @tornado.web.authenticated
    @authorized
    async def post(self):
        from . import model

        def replay():
            place = self.place(*self.asked("path"))
            return model.check(place, named(self.root, place))

        await self.give(replay)


def handlers(base_url):
    """(address, handler) of each."""
    ours = {"course": Course, "course/reset": Reset, "course/welcomed": Welcomed, "model": Model, "model/check": Check}
    return [(url_path_join(base_url, "beyondlabels", name), handler) for name, handler in ours.items()]
