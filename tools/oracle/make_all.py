"""Makes every fixture anew: runs each make_*.py beside this file."""

import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    for script in sorted(Path(__file__).parent.glob("make_*.py")):
        if script != Path(__file__):
            subprocess.run([sys.executable, str(script)], check=True)
