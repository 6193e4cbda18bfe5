#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-Supercell' {
    $calls = @{
        Cmdlet         = 'New-Supercell'
        Prepare        = { Get-MPStructure Al2O3 -Source Bundled }
        Run            = { param($With, $Place) $Place.Data | New-Supercell 2, 1, 1 @With }
        ByParameter    = { param($With, $Place) New-Supercell 2, 1, 1 -Structure $Place.Data @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | New-Supercell 2, 1, 1 @With }
        Fail           = { param($With, $Place) $Place.Data | New-Supercell -Matrix (1, 0, 0), (1, 0, 0), (0, 0, 1) @With }
        FailId         = 'SupercellMatrixSingular'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
