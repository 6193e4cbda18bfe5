#!/bin/bash
#SBATCH --job-name={{JOB_NAME}}
#SBATCH --ntasks={{TASKS}}
#SBATCH --cpus-per-task={{THREADS}}
#SBATCH --time={{WALL_TIME}}
#SBATCH --output=slurm-%j.out
{{GPU}}{{HEADER}}
export OMP_NUM_THREADS={{THREADS}}
{{SETUP}}
# Sent again after the end of its time, it goes on from the last checkpoint.
if [ -f checkpoints/last.ckpt ]; then
    {{COMMAND}} ++ckpt_path=checkpoints/last.ckpt >> train.out 2>&1
else
    {{COMMAND}} > train.out 2>&1
fi
