#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Clear-OptimadeCache' {
    $calls = @{
        Cmdlet         = 'Clear-OptimadeCache'
        Run            = { param($With) Clear-OptimadeCache @With }
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
