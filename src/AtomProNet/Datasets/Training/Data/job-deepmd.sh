#!/bin/bash
#SBATCH --job-name={{JOB_NAME}}
#SBATCH --ntasks={{TASKS}}
#SBATCH --cpus-per-task={{THREADS}}
#SBATCH --time={{WALL_TIME}}
#SBATCH --output=slurm-%j.out
{{GPU}}{{HEADER}}
export OMP_NUM_THREADS={{THREADS}} DP_INTRA_OP_PARALLELISM_THREADS={{THREADS}} DP_INTER_OP_PARALLELISM_THREADS=1
{{SETUP}}
# Sent again after the end of its time, it goes on from the last checkpoint.
if [ -e model.ckpt.pt ]; then
    {{COMMAND}} --restart model.ckpt.pt >> train.out 2>&1 || exit
else
    {{COMMAND}} > train.out 2>&1 || exit
fi

{{EXECUTABLE}} --pt freeze -o model.pth >> train.out 2>&1 || exit
if [ -d test ]; then
    {{EXECUTABLE}} --pt test -m model.pth -s test -d test.results > test.out 2>&1
fi
