#!/bin/bash
#SBATCH --job-name={{JOB_NAME}}
#SBATCH --ntasks={{TASKS}}
#SBATCH --time={{WALL_TIME}}
#SBATCH --output=slurm-%j.out
#SBATCH --signal=B:USR1@300
{{HEADER}}
# VASP keeps large arrays on the stack.
ulimit -s unlimited 2>/dev/null || ulimit -s hard 2>/dev/null
export OMP_NUM_THREADS={{THREADS}}
{{SETUP}}
# Five minutes before the end of the time: finish the present ionic step and stop.
trap 'echo "VASP is asked to stop before the end of the walltime."; echo "LSTOP = .TRUE." > STOPCAR' USR1

{{COMMAND}} > vasp.out 2>&1 &
vasp=$!
while :; do
    wait "$vasp"
    code=$?
    # The signal ends the wait, not the run.
    if [ "$code" -le 128 ] || ! kill -0 "$vasp" 2>/dev/null; then
        break
    fi
done
exit "$code"
