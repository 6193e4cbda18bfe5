#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Import-Structure' {
    $calls = @{
        Cmdlet         = 'Import-Structure'
        Prepare        = {
            Get-MPStructure Al2O3 -Source Bundled | Export-Structure crystal.vasp
            $null = New-Item 'a[1]' -ItemType Directory
            Copy-Item crystal.vasp -Destination 'a[1]'
        }
        Run            = { param($With) 'crystal.vasp' | Import-Structure @With }
        ByParameter    = { param($With) Import-Structure crystal.vasp @With }
        ByPropertyName = { param($With) Get-Item crystal.vasp | Import-Structure @With }
        Wildcard       = { param($With) Import-Structure cry*.vasp @With }
        Literal        = { param($With) Import-Structure -LiteralPath 'a[1]/crystal.vasp' @With }
        Fail           = { param($With) 'none.vasp', 'crystal.vasp' | Import-Structure @With }
        FailId         = 'PathNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'reads files with the line ends of Windows, the same to the last bit' -ForEach 'POSCAR', 'c.cif', 'x.xyz' {
        $path = Join-Path $TestDrive $_
        $structure = Get-MPStructure Al2O3 -Source Bundled
        $format = @{ POSCAR = 'Poscar'; 'c.cif' = 'Cif'; 'x.xyz' = 'ExtendedXyz' }[$_]
        $structure | Export-Structure $path -Format $format -Force -WarningAction SilentlyContinue
        $expected = Import-Structure $path
        [IO.File]::WriteAllText($path, [IO.File]::ReadAllText($path).ReplaceLineEndings("`r`n"))
        (Import-Structure $path).ContentHash | Should -Be $expected.ContentHash
    }
}
