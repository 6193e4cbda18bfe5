#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Clear-MPCache' {
    $calls = @{
        Cmdlet         = 'Clear-MPCache'
        Run            = { param($With) Clear-MPCache @With }
        ByParameter    = { param($With) Clear-MPCache @With }
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
