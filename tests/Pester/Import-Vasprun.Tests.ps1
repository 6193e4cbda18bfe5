#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The vasprun.xml in the folder Data was written by hand for these tests.

Describe 'Import-Vasprun' {
    $calls = @{
        Cmdlet         = 'Import-Vasprun'
        Prepare        = {
            $null = New-Item run, 'a[1]' -ItemType Directory
            Copy-Item "$PSScriptRoot/Data/vasprun.xml" run
            [IO.File]::Copy("$PSScriptRoot/Data/vasprun.xml", (Join-Path (Get-Location) 'a[1]/vasprun.xml'))
        }
        Run            = { param($With) 'run' | Import-Vasprun @With }
        ByParameter    = { param($With) Import-Vasprun run/vasprun.xml @With }
        ByPropertyName = { param($With) [pscustomobject]@{ FolderPath = 'run' } | Import-Vasprun @With }
        Wildcard       = { param($With) Import-Vasprun r*/vasprun.xml @With }
        Literal        = { param($With) Import-Vasprun -LiteralPath 'a[1]/vasprun.xml' @With }
        Fail           = { param($With) 'none', 'run' | Import-Vasprun @With }
        FailId         = 'PathNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'gives the numbers of the file' {
        $frame = Import-Vasprun "$PSScriptRoot/Data/vasprun.xml"
        $frame.FreeEnergy | Should -Be -14.98
        $frame.EnergyWithoutEntropy | Should -Be -14.96
        $frame.Forces[2].X | Should -Be 0.02
        $frame.Structure.AtomCount | Should -Be 4
        # 12.75 kB of pressure, in eV/A3 with tension positive.
        [Math]::Abs($frame.Stress.ZZ + 12.75 / 1602.176634) | Should -BeLessThan 1e-9
    }

    It 'reads files with the line ends of Windows' {
        $path = Join-Path $TestDrive 'vasprun.xml'
        [IO.File]::WriteAllText($path, [IO.File]::ReadAllText("$PSScriptRoot/Data/vasprun.xml").ReplaceLineEndings("`r`n"))
        (Import-Vasprun $path).FreeEnergy | Should -Be -14.98
    }

    It 'tells of a file that is not there' {
        $failures = $null
        Import-Vasprun none.xml -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
    }

    It 'tells of a file that is something else' {
        $path = Join-Path $TestDrive 'other.xml'
        Set-Content $path '<html></html>'
        $failures = $null
        Import-Vasprun $path -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'VasprunNotRecognised,*'
    }
}
