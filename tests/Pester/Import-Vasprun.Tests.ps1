#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# No vasprun.xml comes with the project; one of the optional folder of sample data is read where there is one.

Describe 'Import-Vasprun' {
    $calls = @{
        Cmdlet         = 'Import-Vasprun'
        Prepare        = { (Get-ChildItem ($env:ATOMPRONET_SHARED ?? "$PSScriptRoot/../../../shared") -Recurse -Filter vasprun.xml* -ErrorAction Ignore)[0].FullName }
        Run            = { param($With, $Place) $Place.Data | Import-Vasprun @With }
        ByParameter    = { param($With, $Place) Import-Vasprun $Place.Data @With }
        Fail           = { param($With) 'none' | Import-Vasprun @With }
        FailId         = 'PathNotFound'
        Skip           = -not (Get-ChildItem ($env:ATOMPRONET_SHARED ?? "$PSScriptRoot/../../../shared") -Recurse -Filter vasprun.xml* -ErrorAction Ignore)
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'tells of a file that is not there' {
        $failures = $null
        Import-Vasprun none.xml -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
    }

    It 'tells of a file that is something else' {
        $path = Join-Path $TestDrive 'vasprun.xml'
        Set-Content $path '<html></html>'
        $failures = $null
        Import-Vasprun $path -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'VasprunNotRecognised,*'
    }
}
