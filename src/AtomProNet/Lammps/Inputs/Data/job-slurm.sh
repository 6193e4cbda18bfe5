#!/bin/bash
#SBATCH --job-name={{JOB_NAME}}
#SBATCH --ntasks={{TASKS}}
#SBATCH --time={{WALL_TIME}}
#SBATCH --output=slurm-%j.out
{{HEADER}}
export OMP_NUM_THREADS={{THREADS}}
{{SETUP}}
{{COMMAND}} > lammps.out 2> lammps.err
