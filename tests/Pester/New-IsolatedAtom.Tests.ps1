#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-IsolatedAtom' {
    $calls = @{
        Cmdlet         = 'New-IsolatedAtom'
        Prepare        = { Get-MPStructure Al2O3 -Source Bundled }
        Run            = { param($With, $Place) $Place.Data | New-IsolatedAtom @With }
        ByParameter    = { param($With) New-IsolatedAtom Al, O @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | New-IsolatedAtom @With }
        Fail           = { param($With) New-IsolatedAtom Al, Xx @With }
        FailId         = 'ElementUnknown'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
