"""The routes of the contract."""

import json
import threading
from pathlib import Path
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Header
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from critical_friend import brief
from critical_friend.gateway import bodies, limits, openapi, problems, protection
from critical_friend.gateway.door import Door
from critical_friend.gateway.problems import Problem
from critical_friend.gateway.rasa_client import RasaClient
from critical_friend.gateway.settings import Settings
from critical_friend.gateway.sweeping import Sweeper
from critical_friend.gateway.turns import Gateway
from critical_friend.guidance.catalogue import catalogue
from critical_friend.storage import Storage, digest

PAGE = Path(__file__).parent / "page"
WIDGET = Path(__file__).resolve().parents[2] / "widget" / "dist" / "widget.js"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

Talk = Literal["true", "false"]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=128,
        regex="^[!-~]+$",
        description="The same key again gives the same replies and makes no second turn. Kept for a day.",
    ),
]


def create_app(
    storage: Storage | None = None, assistant: RasaClient | None = None, settings: Settings | None = None
) -> FastAPI:
    """The application. What it needs is made from the environment unless given."""
    settings = settings or Settings.from_environment()
    gateway = Gateway(storage or Storage(), assistant or RasaClient())
    door = Door(gateway.storage, settings)
    sweeper = Sweeper(gateway, settings.keep_days)
    app = FastAPI(
        title="Critical Friend",
        version="1",
        description="A rules-based adviser for officials who work across agencies.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.gateway = gateway
    # Loaded while Rasa starts as well, so that nobody waits for it at the first message.
    app.add_event_handler("startup", threading.Thread(target=gateway.masker.load, daemon=True).start)
    app.add_event_handler("startup", sweeper.start)
    app.add_event_handler("shutdown", sweeper.stop)
    # The last that is added is the first that a request meets.
    app.add_middleware(limits.BodyLimit)
    app.add_middleware(protection.Faults)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        expose_headers=["ETag", "Retry-After"],
    )
    app.add_middleware(protection.SafeHeaders)
    app.add_exception_handler(Problem, problems.on_problem)
    app.add_exception_handler(HTTPException, problems.on_http_error)
    app.add_exception_handler(RequestValidationError, problems.on_wrong_form)
    openapi.describe(app)
    _conversations(app, gateway, door)
    for form in brief.FORMS.values():
        _brief(app, gateway, door, form)
    _about(app, gateway, settings)
    _pages(app)
    return app


def _conversations(app: FastAPI, gateway: Gateway, door: Door) -> None:
    @app.post(
        "/api/conversations",
        status_code=201,
        response_model=bodies.NewConversation,
        responses=openapi.problems(401, 429),
    )
    def open_conversation(service: Annotated[bool, Depends(door.opening)]) -> JSONResponse:
        """Open a conversation. One that a service opens with its key is open to that key from then on."""
        id_, token = gateway.storage.open(by_service=service)
        return JSONResponse({"conversation": id_, "token": token}, 201)

    @app.post(
        "/api/conversations/{conversation}/messages",
        response_model=list[bodies.Reply],
        responses=openapi.problems(401, 404, 413, 422, 429),
    )
    def say(
        conversation: Annotated[str, Depends(door.opened)],
        message: bodies.Message,
        idempotency_key: IdempotencyKey = None,
    ) -> JSONResponse:
        """Say something; the replies of the turn come back, the last with the reading."""
        if len(message.text) > limits.LONGEST_MESSAGE:
            raise Problem(
                413,
                f"This message is too long. Keep it under "
                f"{limits.LONGEST_MESSAGE} characters, or send it in parts.",
            )
        door.saying(conversation)
        return JSONResponse(gateway.turn(conversation, message, idempotency_key))

    @app.get(
        "/api/conversations/{conversation}",
        response_model=bodies.Conversation,
        responses=openapi.problems(401, 404, 429),
    )
    def read(conversation: Annotated[str, Depends(door.opened)]) -> JSONResponse:
        """The transcript and the reading."""
        return JSONResponse(
            {
                "conversation": conversation,
                "transcript": gateway.storage.transcript(conversation),
                "reading": gateway.reading(conversation),
            }
        )

    @app.delete(
        "/api/conversations/{conversation}",
        status_code=204,
        response_class=Response,
        responses=openapi.problems(401, 404, 429),
    )
    def delete(conversation: Annotated[str, Depends(door.opened)]) -> Response:
        """Delete everything kept of the conversation."""
        with gateway.lock(conversation):
            gateway.storage.delete(conversation)
        return Response(status_code=204)


def _brief(app: FastAPI, gateway: Gateway, door: Door, form: brief.Form) -> None:
    """The two routes of one form of the brief."""
    path = f"/api/conversations/{{conversation}}/brief.{form.name}"
    content = {form.media_type: {"schema": {"type": "string"}}}

    def written(conversation: str, wishes: bodies.BriefWishes) -> Response:
        made = brief.make(
            gateway.reading(conversation),
            gateway.dialogue.current().partner.guidance,
            notes=wishes.notes,
            talk=gateway.storage.transcript(conversation) if wishes.talk else None,
        )
        name = f"critical-friend-brief.{form.name}"
        headers = {
            "Content-Disposition": f'inline; filename="{name}"',
            "Content-Security-Policy": form.policy(),
        }
        return Response(form.write(made), media_type=f"{form.media_type}; charset=utf-8", headers=headers)

    @app.get(
        path,
        name=f"read_brief_{form.name}",
        response_class=Response,
        responses={
            200: {"description": "The brief", "content": content},
            **openapi.problems(401, 404, 422, 429),
        },
    )
    def read_brief(conversation: Annotated[str, Depends(door.opened)], talk: Talk = "false") -> Response:
        """A page or two to take to a manager. The words of the talk are left out unless asked for."""
        return written(conversation, bodies.BriefWishes(notes="", talk=talk == "true"))

    @app.post(
        path,
        name=f"write_brief_{form.name}",
        response_class=Response,
        responses={
            200: {"description": "The brief", "content": content},
            **openapi.problems(401, 404, 413, 422, 429),
        },
    )
    def write_brief(
        conversation: Annotated[str, Depends(door.opened)], wishes: bodies.BriefWishes
    ) -> Response:
        """The same with notes of your own in it. The notes are kept nowhere."""
        return written(conversation, wishes)


def _about(app: FastAPI, gateway: Gateway, settings: Settings) -> None:
    @app.get("/api/guidance", response_model=bodies.GuidanceWords, responses=openapi.NOT_MODIFIED)
    def guidance(
        if_none_match: Annotated[str | None, Header(description="The ETag of what you have.")] = None,
    ) -> Response:
        """Everything that a client needs to draw a case in words. Public; ask with the ETag you have."""
        words = catalogue(gateway.dialogue.current().partner.guidance)
        body = json.dumps({**words, "kept_for_days": settings.keep_days}, ensure_ascii=False)
        etag = f'"{digest(body)[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
        known = {known.strip().removeprefix("W/") for known in (if_none_match or "").split(",")}
        if etag in known or "*" in known:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    @app.get("/health", response_model=bodies.Health, responses=openapi.problems(503))
    def health() -> JSONResponse:
        """200 once a turn can be answered."""
        if gateway.assistant.ready():
            return JSONResponse({"status": "ok"})
        return problems.answer(503, "The assistant is still starting, or has stopped.")


def _pages(app: FastAPI) -> None:
    def file(path: Path, media_type: str, **headers: str) -> FileResponse:
        return FileResponse(path, media_type=media_type, headers={"Cache-Control": "no-cache", **headers})

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        """A page with the chat."""
        return file(PAGE / "index.html", "text/html", **{"Content-Security-Policy": PAGE_POLICY})

    @app.get("/page.js", include_in_schema=False)
    def script() -> FileResponse:
        """The page's script."""
        return file(PAGE / "page.js", "text/javascript")

    @app.get("/page.css", include_in_schema=False)
    def style() -> FileResponse:
        """The page's style."""
        return file(PAGE / "page.css", "text/css")

    @app.get("/widget.js", include_in_schema=False)
    def widget() -> FileResponse:
        """The widget, for any site's pages."""
        if not WIDGET.is_file():
            raise Problem(404, "The widget has not been built here yet. Run 'make setup', which builds it.")
        return file(WIDGET, "text/javascript", **{"Cross-Origin-Resource-Policy": "cross-origin"})
