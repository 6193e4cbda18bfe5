#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-LammpsPotential' {
    $calls = @{
        Cmdlet  = 'New-LammpsPotential'
        Prepare = { Set-Content my.sw '# no parameters' }
        Run     = { param($With) New-LammpsPotential sw my.sw @With }
        Fail    = { param($With) New-LammpsPotential nonsense my.sw @With }
        FailId  = 'PotentialKindUnknown'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
