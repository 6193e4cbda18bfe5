#Requires -Version 7.4
<#
.SYNOPSIS
One whole loop on a laptop: silicon is strained, rattled and given a vacancy, pw.x computes the labels, they become a training set, two
potentials predict them through LAMMPS, and a page compares the errors.
.DESCRIPTION
Nothing is prepared: every number on the page comes from runs of pw.x and LAMMPS made here. It needs pw.x with a pseudopotential, lmp with
its potentials, and the KIM model of SNAP (Debian: quantum-espresso, quantum-espresso-data, lammps, lammps-data, openkim-models). Cut-off and
k-points are low, so that it ends within minutes: enough to see the loop, not to train on.
.PARAMETER Destination
The folder that everything goes into.
.PARAMETER PseudopotentialPath
The folder with Si.pbe-rrkj.UPF.
.PARAMETER Processes
How many processes pw.x runs on (mpirun), 1 for none.
.EXAMPLE
./docs/silicon-loop.ps1 -Destination silicon-loop
#>
[CmdletBinding()]
param(
    [string] $Destination = 'silicon-loop',
    [string] $PseudopotentialPath = '/usr/share/espresso/pseudo',
    [int] $Processes = 1
)

$ErrorActionPreference = 'Stop'
New-Item -ItemType Directory -Force $Destination > $null

# Neighbours of one crystal, and a defect.
$crystal = Get-MPStructure Si -Source Bundled
$vacancy = $crystal | New-PointDefect -Vacancy Si
$structures = @(
    $crystal | New-StrainSeries -Range 0.04 -Step 0.02
    $crystal | New-StrainSeries -VoigtStrain (0, 0, 0, 0, 0, 0.03), (0.02, -0.02, 0, 0, 0, 0)
    $crystal | New-RattleSeries -Count 4 -StandardDeviation 0.05 -Seed 1
    $vacancy | New-RattleSeries -Count 3 -StandardDeviation 0.05 -Seed 2
)

# Labels: one folder for each structure, run one after the other.
$runs = Join-Path $Destination 'runs'
$inputs = @($structures | New-QEInput -Destination $runs -FolderName '{root}-{index}' -PseudopotentialPath $PseudopotentialPath `
        -Pseudopotential @{ Si = 'Si.pbe-rrkj.UPF' } -EcutWfc 20 -EcutRho 80 -KPointMesh 2, 2, 2 -NoJobScript)
$done = 0
foreach ($run in $inputs) {
    Write-Progress 'pw.x' $run.Name -PercentComplete (100 * $done++ / $inputs.Count)
    Push-Location $run.FolderPath
    try {
        if ($Processes -gt 1) { & mpirun -np $Processes pw.x -in pw.in > pw.out 2> pw.err }
        else { & pw.x -in pw.in > pw.out 2> pw.err }
    }
    finally { Pop-Location }
}

# Frames with their verdicts, checked, as a training set.
$frames = @(Import-QEOutput $runs)
$findings = @($frames | Test-TrainingSet)
$set = $frames | Export-TrainingSet -Path (Join-Path $Destination 'silicon.extxyz') -Force

# The potentials count from another zero: the unstrained crystal is to have the same energy.
$still = $frames | Where-Object { $_.Structure.Name -eq 'strain_+0.0000' } | Select-Object -First 1
$potentials = @(
    New-LammpsPotential -Model SNAP_ZuoChenLi_2019_Si__MO_869330304805_000 -Name SNAP
    New-LammpsPotential sw Si.sw -Name Stillinger-Weber
)
$errors = foreach ($potential in $potentials) {
    $zero = $still | Invoke-LammpsPrediction $potential
    $shift = @{ Si = $still.EnergyPerAtom - $zero.EnergyPerAtom }
    $frames | Invoke-LammpsPrediction $potential -EnergyShift $shift | Measure-MlipError -Reference $frames -Model $potential.Name
}

$null = $errors | Export-MlipReport -Path (Join-Path $Destination 'report.html') -Title 'Silicon: SNAP and Stillinger-Weber against PBE' -Force

[pscustomobject]@{
    Structures = $structures.Count
    Frames     = $frames.Count
    Findings   = $findings.Count
    Set        = @($set).Count
    Report     = (Resolve-Path (Join-Path $Destination 'report.html')).Path
    Errors     = $errors
}
