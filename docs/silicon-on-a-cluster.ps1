# From a crystal to a training set by way of a cluster: eleven strained silicon crystals, each computed once by pw.x.
# It runs in PowerShell with the module, and without PowerShell in the launcher: atompronet -File silicon-on-a-cluster.ps1
# Once, beforehand, say how the cluster is reached (see clusters.md), for example:
#   Register-DftCluster silicon -SshHost login.my.site -Partition short -WallTime 0:30:00 -Tasks 4
# Where srun cannot start MPI programs, say what can: -LaunchLine 'mpirun -np {tasks}'

# Whether everything is there: connection, commands, write access, free space, clock.
Test-DftCluster silicon

# Eleven linear strains from -5 % to +5 %, each a folder that can be run, sent as one array. Whoever runs this line twice sends nothing twice.
Get-MPStructure Si -Source Bundled | New-StrainSeries -Range 0.05 -Step 0.01 | New-QEInput -Destination runs -PseudopotentialPath /usr/share/espresso/pseudo -Pseudopotential @{Si='Si.pz-vbc.UPF'} -EcutWfc 16 -KPointMesh 2,2,2 | Submit-DftJob -Cluster silicon

# The lid may be closed here and opened tomorrow: the store knows the jobs.
Get-DftJob -Cluster silicon | Wait-DftJob

# What has changed comes back, verified, and pw.x's own words decide whether a job has reached its goal.
Get-DftJob -Cluster silicon | Receive-DftJob

# The frames with their descent, in MACE's form.
Get-DftJob -Cluster silicon -State Received | Import-DftResult | Export-TrainingSet -Path silicon.extxyz
