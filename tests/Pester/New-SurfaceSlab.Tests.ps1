#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-SurfaceSlab' {
    $calls = @{
        Cmdlet         = 'New-SurfaceSlab'
        Prepare        = { Get-MPStructure Al -Source Bundled }
        Run            = { param($With, $Place) $Place.Data | New-SurfaceSlab 1, 1, 1 @With }
        ByParameter    = { param($With, $Place) New-SurfaceSlab 1, 1, 1 -Structure $Place.Data @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | New-SurfaceSlab 1, 1, 1 @With }
        Fail           = { param($With, $Place) $Place.Data | New-SurfaceSlab 2, 2, 2 @With }
        FailId         = 'MillerIndicesInvalid'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
