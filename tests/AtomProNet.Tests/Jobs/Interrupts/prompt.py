"""A program in a terminal of its own, whose user presses Ctrl+C when it asks: prompt.py QUESTION PROGRAM [ARGUMENT ...].

Prints the seconds from Ctrl+C to the end and the exit code, and then all that the terminal showed.
"""
import os
import pty
import select
import sys
import time

LIMIT = 120


def main():
    question, program = sys.argv[1].encode(), sys.argv[2:]
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(program[0], program)
    shown, pressed, end = b"", None, time.monotonic() + LIMIT
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.05)[0]:
            try:
                shown += os.read(terminal, 65536)
            except OSError:
                break
        if pressed is None and question in shown:
            # Something is typed already, which is not to be seen.
            os.write(terminal, b"hidden")
            time.sleep(0.5)
            os.write(terminal, b"\x03")
            pressed = time.monotonic()
    else:
        os.kill(child, 9)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(f"{time.monotonic() - (pressed or 0):.2f} {code}")
    sys.stdout.flush()
    sys.stdout.buffer.write(shown)


main()
