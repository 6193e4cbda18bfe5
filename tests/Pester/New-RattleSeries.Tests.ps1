#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-RattleSeries' {
    $calls = @{
        Cmdlet         = 'New-RattleSeries'
        Prepare        = { Get-MPStructure Al2O3 -Source Bundled }
        Run            = { param($With, $Place) $Place.Data | New-RattleSeries 3 -Seed 7 @With }
        ByParameter    = { param($With, $Place) New-RattleSeries 3 -Seed 7 -Structure $Place.Data @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | New-RattleSeries 3 -Seed 7 @With }
        Fail           = { param($With, $Place) $Place.Data | New-RattleSeries 1 -Element Si @With }
        FailId         = 'ElementNotInStructure'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
