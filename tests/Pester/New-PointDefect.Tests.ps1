#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-PointDefect' {
    $calls = @{
        Cmdlet         = 'New-PointDefect'
        Prepare        = { Get-MPStructure Al2O3 -Source Bundled | New-Supercell 2, 2, 1 }
        Run            = { param($With, $Place) $Place.Data | New-PointDefect -Vacancy Al, O @With }
        ByParameter    = { param($With, $Place) New-PointDefect Al, O -Structure $Place.Data @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | New-PointDefect Al, O @With }
        Fail           = { param($With, $Place) $Place.Data | New-PointDefect -Vacancy Si @With }
        FailId         = 'ElementNotInStructure'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
