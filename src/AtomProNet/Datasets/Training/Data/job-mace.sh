#!/bin/bash
#SBATCH --job-name={{JOB_NAME}}
#SBATCH --ntasks={{TASKS}}
#SBATCH --cpus-per-task={{THREADS}}
#SBATCH --time={{WALL_TIME}}
#SBATCH --output=slurm-%j.out
{{GPU}}{{HEADER}}
export OMP_NUM_THREADS={{THREADS}}
{{SETUP}}
# restart_latest in mace.yaml: sent again after the end of its time, it goes on from the last checkpoint.
{{COMMAND}} > train.out 2>&1
