#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Measure-PotentialProperty' {
    # Debian: lammps, lammps-data.
    $missing = -not ((Get-Command lmp -ErrorAction Ignore) -and (Test-Path /usr/share/lammps/potentials/Si.sw))
    $calls = @{
        Cmdlet         = 'Measure-PotentialProperty'
        Skip           = $missing
        Prepare        = { Get-MPStructure Si -Source Bundled }
        Run            = { param($With, $Place) $Place.Data | Measure-PotentialProperty sw:Si.sw -NoVacancy -Ions Clamped -AtomEnergy @{ Si = 0 } @With }
        ByParameter    = { param($With, $Place) Measure-PotentialProperty sw:Si.sw -NoVacancy -Ions Clamped -AtomEnergy @{ Si = 0 } -Structure $Place.Data @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | Measure-PotentialProperty sw:Si.sw -NoVacancy -Ions Clamped -AtomEnergy @{ Si = 0 } @With }
        Fail           = { param($With, $Place) $Place.Data | Measure-PotentialProperty sw:Nowhere.sw @With }
        FailId         = 'PotentialFileMissing'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
