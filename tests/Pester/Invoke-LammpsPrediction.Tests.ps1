#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Invoke-LammpsPrediction' {
    # Debian: lammps, lammps-data.
    $missing = -not ((Get-Command lmp -ErrorAction Ignore) -and (Test-Path /usr/share/lammps/potentials/Si.sw))
    $calls = @{
        Cmdlet      = 'Invoke-LammpsPrediction'
        Skip        = $missing
        Prepare     = { Get-MPStructure Si -Source Bundled }
        Run         = { param($With, $Place) $Place.Data | Invoke-LammpsPrediction sw:Si.sw @With }
        ByParameter = { param($With, $Place) Invoke-LammpsPrediction sw:Si.sw -InputObject $Place.Data @With }
        Fail        = { param($With, $Place) $Place.Data | Invoke-LammpsPrediction sw:Nowhere.sw @With }
        FailId      = 'PotentialFileMissing'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
