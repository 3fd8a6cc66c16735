"""Prints at the end of a run what the mutants became: how many were caught, and each that was missed with its reason."""


def pytest_terminal_summary(terminalreporter):
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, text in getattr(report, "user_properties", ()):
                if name == "mutants":
                    terminalreporter.section("mutants")
                    terminalreporter.write_line(text)
