"""No core dumps: a dying process must not write what it held in memory into a file.

A page in the hands of `collect` still has its author and numbers; they are dropped before the first
write, and a core dump would be a write before that.
"""

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def forbid_core_dumps() -> None:
    """Forbid this process and those it starts to dump core, and others to look into its memory.

    The limit holds for files and is inherited; a kernel that hands dumps to a program (a pipe in
    core_pattern) does not ask it, so the process is made not dumpable too. That is lost at exec,
    therefore every role calls this. Elsewhere than on Linux only the limit is set.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
