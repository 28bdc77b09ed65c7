"""The setup's own logic: what is skipped, what is built again, and what a person is told when stuck."""

from __future__ import annotations

import errno
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts import environments, setup, toolchain
from scripts.environments import Workshop
from scripts.fingerprint import Ledger, files_of, fingerprint
from scripts.process import run
from scripts.setup import bring_up
from scripts.steps import DESK, STEPS, Step
from scripts.trouble import SetupError, Unreachable, step_failed

COPY = "import pathlib; pathlib.Path('out').write_text(pathlib.Path('in/a.yml').read_text())"
FAIL = "import sys; print({message!r}); sys.exit(1)"


def copying_step(command: str = COPY) -> Step:
    return Step("copy", "copying", ("in",), ("out",), (sys.executable, "-c", command), DESK)


def failing_step(message: str) -> Step:
    return copying_step(FAIL.format(message=message))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.yml").write_text("one")
    return tmp_path


@pytest.fixture
def bare_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH that holds one empty folder, and no pyenv."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    monkeypatch.setenv("PYENV_ROOT", str(empty))
    return empty


def executable(folder: Path, name: str, script: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


class TestFingerprints:
    def test_a_second_run_does_nothing(self, root: Path) -> None:
        steps = [copying_step()]
        assert bring_up(DESK, root, steps) == ["copy"]
        assert bring_up(DESK, root, steps) == []

    def test_touching_a_file_changes_nothing(self, root: Path) -> None:
        bring_up(DESK, root, [copying_step()])
        (root / "in" / "a.yml").touch()
        assert bring_up(DESK, root, [copying_step()]) == []

    def test_a_changed_an_added_and_a_removed_input_each_run_the_step_again(self, root: Path) -> None:
        bring_up(DESK, root, [copying_step()])
        (root / "in" / "a.yml").write_text("two")
        assert bring_up(DESK, root, [copying_step()]) == ["copy"]
        assert (root / "out").read_text() == "two"
        (root / "in" / "b.yml").write_text("")
        assert bring_up(DESK, root, [copying_step()]) == ["copy"]
        (root / "in" / "b.yml").unlink()
        assert bring_up(DESK, root, [copying_step()]) == ["copy"]

    def test_a_changed_command_and_a_missing_output_run_the_step_again(self, root: Path) -> None:
        bring_up(DESK, root, [copying_step()])
        (root / "out").unlink()
        assert bring_up(DESK, root, [copying_step()]) == ["copy"]
        assert bring_up(DESK, root, [copying_step(COPY + " ")]) == ["copy"]

    def test_a_failed_step_is_not_taken_for_done_when_its_inputs_go_back(self, root: Path) -> None:
        bring_up(DESK, root, [copying_step()])
        with pytest.raises(SetupError):
            bring_up(DESK, root, [failing_step("no")])
        assert bring_up(DESK, root, [copying_step()]) == ["copy"]

    def test_a_step_that_leaves_nothing_is_an_error(self, root: Path) -> None:
        with pytest.raises(SetupError, match="left no out"):
            bring_up(DESK, root, [copying_step("pass")])

    def test_only_the_steps_of_the_goal_run(self, root: Path) -> None:
        assert bring_up(frozenset({"dev"}), root, [copying_step()]) == []

    def test_names_count_as_well_as_contents_and_caches_do_not(self, root: Path) -> None:
        before = fingerprint(root, ["in"])
        (root / "in" / "__pycache__").mkdir()
        (root / "in" / "__pycache__" / "a.pyc").write_text("x")
        assert fingerprint(root, ["in"]) == before
        (root / "in" / "a.yml").rename(root / "in" / "c.yml")
        assert fingerprint(root, ["in"]) != before

    def test_an_environment_is_tied_to_its_folder(self, tmp_path: Path) -> None:
        step = Step("env", "", (), (), ("true",), DESK, tied_to_place=True)
        assert setup.step_fingerprint(step, tmp_path / "a") != setup.step_fingerprint(step, tmp_path / "b")

    def test_a_damaged_ledger_counts_as_empty(self, tmp_path: Path) -> None:
        ledger = Ledger(tmp_path / "done.json")
        ledger.record("a", "1")
        assert json.loads((tmp_path / "done.json").read_text()) == {"a": "1"}
        (tmp_path / "done.json").write_text("{")
        assert ledger.read() == {}


class TestClearSentences:
    @pytest.mark.parametrize(
        ("output", "told"),
        [
            ("error: failed to write: No space left on device (os error 28)", "The disk is full"),
            ("error: dns error: failed to lookup address information", "There is no network"),
            ("error: Hash mismatch for `six==1.16.0`", "not the one that the lock file names"),
            ("error: Permission denied (os error 13)", "could not be written"),
        ],
    )
    def test_a_known_cause_is_one_sentence_without_the_tools_words(
        self, root: Path, output: str, told: str
    ) -> None:
        with pytest.raises(SetupError, match=told) as caught:
            bring_up(DESK, root, [failing_step(output)])
        assert "\n" not in str(caught.value)
        assert output not in str(caught.value)

    def test_an_unknown_cause_shows_the_end_of_the_output(self, root: Path) -> None:
        with pytest.raises(SetupError, match=r"copy.log[\s\S]*rule 7 has no citation"):
            bring_up(DESK, root, [failing_step("rule 7 has no citation")])

    def test_a_command_that_does_not_exist(self, root: Path) -> None:
        with pytest.raises(SetupError, match="No such file"):
            run("copy", ["./nothing-here"], root / "log", root)

    def test_too_little_disk_is_said_before_anything_is_written(self, root: Path) -> None:
        step = Step("copy", "copying", ("in",), ("out",), (sys.executable, "-c", COPY), DESK, free_gb=1e9)
        with pytest.raises(SetupError, match=r"too full: copying needs 1000000000.0 GB and .* are free"):
            bring_up(DESK, root, [step])
        assert not (root / "out").exists()

    def test_main_turns_errors_into_one_line_and_a_status(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def full(*_: object) -> list[str]:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(setup, "ROOT", tmp_path)
        monkeypatch.setattr(setup, "bring_up", full)
        assert setup.main([]) == 1
        said = capsys.readouterr().err.strip()
        assert said == "setup: The disk is full: free a few gigabytes and run the same command again."

    def test_a_missing_interpreter(self, bare_path: Path, tmp_path: Path) -> None:
        uv = executable(bare_path, "uv", "exit 2")
        with pytest.raises(
            SetupError, match=r"^Python 3\.10 is not on this machine .* 'pyenv install 3\.10'"
        ):
            toolchain.find_python(uv, "3.10", tmp_path)

    def test_no_uv_and_no_way_to_fetch_it(
        self, bare_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "executable", executable(bare_path, "python3", "exit 1"))
        with pytest.raises(SetupError, match="install uv, or the python3-venv package"):
            toolchain.find_uv(tmp_path, tmp_path / "log")

    def test_torch_out_of_reach_names_both_ways_round(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unreachable(*_: object) -> None:
            raise Unreachable("no")

        monkeypatch.setattr(Workshop, "create", lambda *_: None)
        monkeypatch.setattr(Workshop, "install", unreachable)
        with pytest.raises(SetupError, match=r"PIP_FIND_LINKS.*TORCH=registry"):
            environments.service(Workshop(tmp_path, tmp_path / "log"))

    def test_a_model_that_is_not_the_published_one_is_refused(self, tmp_path: Path) -> None:
        weights = tmp_path / environments.MODEL_FILE
        with pytest.raises(SetupError, match="missing"):
            environments.check_model(Workshop(tmp_path, tmp_path / "log"))
        weights.parent.mkdir(parents=True)
        weights.write_bytes(b"other weights")
        with pytest.raises(SetupError, match="not the published"):
            environments.check_model(Workshop(tmp_path, tmp_path / "log"))


class TestToolchain:
    def test_an_old_uv_on_the_path_is_passed_over(self, bare_path: Path, tmp_path: Path) -> None:
        executable(bare_path, "uv", "echo uv 0.4.1")
        (tmp_path / "var" / "tools" / "bin").mkdir(parents=True)
        own = executable(tmp_path / "var" / "tools" / "bin", "uv", "echo uv 0.13.9")
        assert toolchain.find_uv(tmp_path, tmp_path / "log") == own

    def test_the_newest_pyenv_interpreter_is_taken(self, bare_path: Path) -> None:
        for version in ("3.10.9", "3.10.13", "3.11.7"):
            (bare_path / "versions" / version / "bin").mkdir(parents=True)
            executable(bare_path / "versions" / version / "bin", f"python{version.rpartition('.')[0]}", "")
        found = toolchain.pyenv_interpreter("3.10")
        assert found is not None
        assert found.parts[-3] == "3.10.13"
        assert toolchain.pyenv_interpreter("3.9") is None

    def test_pip_settings_reach_uv_unless_uv_has_its_own(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
        monkeypatch.setenv("PIP_FIND_LINKS", "/a /b")
        for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_FIND_LINKS"):
            monkeypatch.delenv(name, raising=False)
        told = toolchain.index_environment(tmp_path)
        assert told == {"UV_DEFAULT_INDEX": "https://mirror.example/simple", "UV_FIND_LINKS": "/a,/b"}
        monkeypatch.setenv("UV_INDEX_URL", "https://other.example/simple")
        assert "UV_DEFAULT_INDEX" not in toolchain.index_environment(tmp_path)

    def test_cuda_is_taken_only_when_asked_for(self, tmp_path: Path) -> None:
        def lock(find_links: str, choice: str | None, platform: str) -> tuple[str, bool]:
            said = toolchain.torch_arguments(tmp_path, find_links, choice, platform)
            return Path(said[said.index("-r") + 1]).name, "--torch-backend" in said

        (tmp_path / "torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl").touch()
        assert lock(str(tmp_path), None, "linux") == ("torch-cpu.txt", False)
        assert lock("", None, "linux") == ("torch-cpu.txt", True)
        assert lock(str(tmp_path), "registry", "linux") == ("torch.txt", False)
        assert lock("", None, "darwin") == ("torch.txt", False)


class TestRepository:
    """What holds of the files themselves."""

    def test_every_lock_is_pinned_with_hashes_and_names_no_host_or_machine_path(self) -> None:
        for lock in sorted((setup.ROOT / "locks").glob("*.txt")):
            text = lock.read_text()
            assert not re.search(r"https?://|file:|^(-i|-f|--index|--extra|--find)", text, re.MULTILINE), (
                lock.name
            )
            assert not re.search(r"(^|[\s#])/\w", text), lock.name
            pins = re.findall(r"^([A-Za-z0-9][^\s;]*)", text, re.MULTILINE)
            assert pins, lock.name
            assert all("==" in pin for pin in pins), lock.name
            assert len(pins) <= text.count("--hash=sha256:"), lock.name

    def test_torch_is_the_same_everywhere_and_nowhere_else(self) -> None:
        locks = setup.ROOT / "locks"
        version = re.search(r'"torch==([\d.]+)"', (setup.ROOT / "pyproject.toml").read_text())
        assert version is not None
        assert f"torch=={version.group(1)}+cpu " in (locks / "torch-cpu.txt").read_text()
        assert f"\ntorch=={version.group(1)} " in (locks / "torch.txt").read_text()
        for name in ("service.txt", "dev.txt", "rasa.txt"):
            assert not re.search(r"^(torch|nvidia-\S+)==", (locks / name).read_text(), re.MULTILINE), name

    def test_every_requirement_of_pyproject_is_in_its_lock(self) -> None:
        """A requirement added without `make lock` works on its author's machine alone."""
        project = tomllib.loads((setup.ROOT / "pyproject.toml").read_text())
        groups = project["dependency-groups"]
        wanted = {
            "service.txt": [*project["project"]["dependencies"], *groups["ml"], *groups["build"]],
            "dev.txt": [*groups["dev"], *groups["bench"]],
            "rasa.txt": groups["rasa"],
            "tools.txt": groups["tools"],
        }
        for name, requirements in wanted.items():
            locked = set(re.findall(r"^([\w.-]+)==", (setup.ROOT / "locks" / name).read_text(), re.MULTILINE))
            named = {re.split(r"[\[=<>~! ;]", r)[0].lower() for r in requirements}
            assert named - {"torch"} <= locked, name

    def test_dev_adds_to_the_service_lock_and_changes_nothing(self) -> None:
        def pins(name: str) -> dict[str, str]:
            text = (setup.ROOT / "locks" / name).read_text()
            return dict(re.findall(r"^(\S+)==(\S+)", text, re.MULTILINE))

        dev = pins("dev.txt")
        assert pins("service.txt").items() <= dev.items()
        assert "locust" not in dev

    def test_every_input_of_a_step_exists(self) -> None:
        for step in STEPS:
            for pattern in step.inputs:
                assert pattern.startswith((".venv", "var/")) or files_of(setup.ROOT, [pattern]), (
                    step.name,
                    pattern,
                )

    def test_help_lists_every_target(self) -> None:
        shown = subprocess.run(
            ["make", "help"], cwd=setup.ROOT, capture_output=True, text=True, check=True
        ).stdout
        makefile = (setup.ROOT / "Makefile").read_text()
        phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
        assert phony is not None
        assert [t for t in phony.group(1).split() if f"make {t} " not in shown] == []


def test_step_failed_keeps_the_log_in_view(tmp_path: Path) -> None:
    assert str(tmp_path / "x.log") in str(step_failed("x", "No space left on device", tmp_path / "x.log"))
