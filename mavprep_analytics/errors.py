"""The exception tree: what can go wrong, and the exit code that tells a scheduler what to do about it.

```
MavprepError
├── NothingNew      3   there is no input that was not published already
├── Temporary      20   the same call may succeed later
├── DataRefused    30   the input is wrong or suspicious; a person decides
├── Misconfigured  40   configuration or permission
└── Overtaken      50   a newer run owns the result
```

Modules raise these (or a subclass beside their own code) with a message that names the object and the
next step. Anything else that escapes is a defect and keeps its traceback.
"""


class MavprepError(Exception):
    """Something the user can act on: one line that names the object, and the next step.

    Args:
        problem: what is wrong, naming the table, file, variable or row.
        next_step: what the reader should do now.
    """

    exit_code = 1

    def __init__(self, problem: str, next_step: str) -> None:
        self.problem = problem
        self.next_step = next_step
        super().__init__(f"{problem}. {next_step}" if next_step else problem)

    def __reduce__(self) -> tuple[type["MavprepError"], tuple[str, str]]:
        """Let a worker process hand the error on whole."""
        return type(self), (self.problem, self.next_step)


class NothingNew(MavprepError):  # noqa: N818 - an outcome, not a failure
    """Every input was published already."""

    exit_code = 3


class Temporary(MavprepError):  # noqa: N818 - named for what the reader should conclude
    """A service was unreachable or busy; try again."""

    exit_code = 20


class DataRefused(MavprepError):  # noqa: N818
    """The input is wrong or suspicious; nothing was changed and a person decides."""

    exit_code = 30


class Misconfigured(MavprepError):  # noqa: N818
    """A setting is missing or wrong, or a permission is missing."""

    exit_code = 40


class Overtaken(MavprepError):  # noqa: N818
    """A newer run owns the result; this one changed nothing."""

    exit_code = 50
