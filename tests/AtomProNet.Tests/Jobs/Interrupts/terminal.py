"""A shell in a terminal of its own, whose user presses Ctrl+C: terminal.py SIGN PROGRAM [ARGUMENT ...], with lines to type on standard input.

The lines are typed one after the other, the last one but one when the one before has printed the word ready. When the file SIGN is there Ctrl+C is
pressed, and then the last line is typed. The exit code is 0 when that has printed the word back. All that the terminal showed is printed.
"""
import os
import pty
import select
import sys
import time

LIMIT = 240


def main():
    sign, program = sys.argv[1], sys.argv[2:]
    lines = sys.stdin.read().splitlines()
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(program[0], program)
    shown = b""
    answered = 0
    end = time.monotonic() + LIMIT

    def until(condition):
        nonlocal shown, answered
        while not condition():
            if time.monotonic() > end:
                return False
            if select.select([terminal], [], [], 0.05)[0]:
                try:
                    piece = os.read(terminal, 65536)
                except OSError:
                    return condition()
                shown += piece
                # A shell that draws its own line asks where the cursor is.
                while shown.count(b"\x1b[6n") > answered:
                    answered += 1
                    os.write(terminal, b"\x1b[1;1R")
        return True

    def enter(line):
        os.write(terminal, line.encode() + b"\r")

    # The words are written apart in what is typed, so that its echo is not taken for its answer.
    good = True
    for line in lines[:-2]:
        enter(line)
    good = until(lambda: b"ready" in shown)
    enter(lines[-2])
    good = good and until(lambda: os.path.exists(sign))
    # Where the shell is just asking for the cursor it takes the key for a part of the answer: it is pressed once, when nothing has been asked for a while.
    good = good and until(lambda: not select.select([terminal], [], [], 0.1)[0])
    os.write(terminal, b"\x03")
    enter(lines[-1])
    good = good and until(lambda: b"back" in shown)
    enter("exit")
    sys.stdout.buffer.write(shown)
    sys.stdout.flush()
    os.close(terminal)
    return 0 if good else 1


sys.exit(main())
