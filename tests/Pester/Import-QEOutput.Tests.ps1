#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The outputs are those of the optional folder of sample data.

Describe 'Import-QEOutput' {
    $calls = @{
        Cmdlet         = 'Import-QEOutput'
        Prepare        = { Join-Path ($env:ATOMPRONET_SHARED ?? "$PSScriptRoot/../../../shared") 'data/qe/made/si_scf' }
        Run            = { param($With, $Place) $Place.Data | Import-QEOutput @With }
        ByParameter    = { param($With, $Place) Import-QEOutput $Place.Data @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ FolderPath = $Place.Data } | Import-QEOutput @With }
        Wildcard       = { param($With, $Place) Import-QEOutput (Join-Path $Place.Data '*.out') @With }
        Literal        = { param($With, $Place) Import-QEOutput -LiteralPath (Join-Path $Place.Data 'pw.out') @With }
        Fail           = { param($With) 'none' | Import-QEOutput @With }
        FailId         = 'PathNotFound'
        Skip           = -not (Test-Path (Join-Path ($env:ATOMPRONET_SHARED ?? "$PSScriptRoot/../../../shared") 'data/qe/made/si_scf'))
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
