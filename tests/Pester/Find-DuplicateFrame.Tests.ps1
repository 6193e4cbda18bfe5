#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Find-DuplicateFrame' {
    $calls = @{
        Cmdlet         = 'Find-DuplicateFrame'
        Prepare        = { 'al-strain', 'al-strain/strain_+0.0000' | Import-Outcar }
        Run            = { param($With, $Place) $Place.Data | Find-DuplicateFrame @With }
        Fail           = { param($With, $Place) $Place.Data | Find-DuplicateFrame -TestSet none.extxyz @With }
        FailId         = 'PathNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'compares with a test set by its name, wildcards and brackets too' {
        $frames = Import-Outcar "$PSScriptRoot/../../samples/al-strain"
        $folder = New-Item (Join-Path $TestDrive 'sets') -ItemType Directory
        $null = $frames[3] | Export-TrainingSet (Join-Path $folder 'held.extxyz') -WarningAction SilentlyContinue
        $found = @($frames | Find-DuplicateFrame -TestSet (Join-Path $folder 'he*.extxyz'))
        $found | Should -HaveCount 1
        "$($found.Kind)" | Should -Be 'Exact'
    }

    It 'takes other labels on the same geometry for a conflict, which is an error' {
        $frame = (Import-Outcar "$PSScriptRoot/../../samples/al-strain")[0]
        $path = Join-Path $TestDrive 'two.extxyz'
        $null = $frame | Export-TrainingSet $path -KeyStyle Ase -WarningAction SilentlyContinue
        $text = Get-Content $path
        $other = $text -replace ' energy=\S+', ' energy=-1.5'
        $other | Should -Not -Be $text
        Set-Content $path -Value ($text + $other)
        $found = @(Import-TrainingSet $path -WarningAction SilentlyContinue | Find-DuplicateFrame)
        "$($found.Kind)" | Should -Be 'Conflict'
        "$($found.Severity)" | Should -Be 'Error'
    }
}
