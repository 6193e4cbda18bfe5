#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-MDBenchmark' {
    $calls = @{
        Cmdlet         = 'New-MDBenchmark'
        Prepare        = { Set-Content my.sw '# no parameters'; Get-MPStructure Si -Source Bundled }
        Run            = { param($With, $Place) $Place.Data | New-MDBenchmark sw:my.sw $Place.Fresh() -Size 1, 2 @With }
        ByParameter    = { param($With, $Place) New-MDBenchmark sw:my.sw $Place.Fresh() -Size 1, 2 -Structure $Place.Data @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | New-MDBenchmark sw:my.sw $Place.Fresh() -Size 1, 2 @With }
        Fail           = { param($With, $Place) $Place.Data | New-MDBenchmark sw:my.sw $Place.Fresh() -Size 1 -Ensemble Static @With }
        FailId         = 'BenchmarkWithoutDynamics'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
