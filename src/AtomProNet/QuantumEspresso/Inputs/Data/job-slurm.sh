#!/bin/bash
#SBATCH --job-name={{JOB_NAME}}
#SBATCH --ntasks={{TASKS}}
#SBATCH --time={{WALL_TIME}}
#SBATCH --output=slurm-%j.out
#SBATCH --signal=B:USR1@300
{{HEADER}}
export OMP_NUM_THREADS={{THREADS}}
{{SETUP}}
# Five minutes before the end of the time: pw.x stops after the present electronic step and leaves its data whole.
trap 'echo "pw.x is asked to stop before the end of the walltime."; touch pwscf.EXIT' USR1

{{COMMAND}} > pw.out 2> pw.err &
pw=$!
while :; do
    wait "$pw"
    code=$?
    # The signal ends the wait, not the run.
    if [ "$code" -le 128 ] || ! kill -0 "$pw" 2>/dev/null; then
        break
    fi
done
# Wavefunctions and densities fill any quota, and labels do not need them.
if [ "$code" -eq 0 ]; then
    rm -f tmp/*.save/wfc* tmp/*.save/charge-density.dat tmp/*.wfc* tmp/*.mix*
fi
exit "$code"
