#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Select-TrainingFrame' {
    $calls = @{
        Cmdlet          = 'Select-TrainingFrame'
        Prepare         = { Import-Outcar al-strain }
        Run             = { param($With, $Place) $Place.Data | Select-TrainingFrame -Every 2 -RejectedPath "$($Place.Fresh()).extxyz" @With }
        ByPropertyName  = { param($With, $Place) $Place.Data | ForEach-Object { [pscustomobject]@{ InputObject = $_ } } | Select-TrainingFrame -Every 2 @With }
        Fail            = { param($With, $Place) $Place.Data | Select-TrainingFrame -MaximumForce -1 @With }
        FailId          = 'LimitOutOfRange'
        GivesWithWhatIf = $true
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    BeforeAll {
        $script:frames = Import-Outcar "$PSScriptRoot/../../samples/al-strain"
        $script:dense = @($frames | Where-Object { $_.Structure.Volume -lt 60 }).Count
    }

    It 'asks a script block, with the frame as $_ and variables from outside' {
        $limit = 60
        @($frames | Select-TrainingFrame { $_.Structure.Volume -lt $limit } -WarningAction SilentlyContinue) | Should -HaveCount $dense
        $dense | Should -BeGreaterThan 0
        @($frames | Select-TrainingFrame -FilterScript { } -WarningAction SilentlyContinue) | Should -HaveCount 0
    }

    It 'takes a script that throws for an error of its frame, and the others go on' {
        $kept = @($frames | Select-TrainingFrame { if ($_.Structure.Volume -gt 60) { throw 'no' } else { $true } } -ErrorAction SilentlyContinue -ErrorVariable problems -WarningAction SilentlyContinue)
        $kept | Should -HaveCount $dense
        # Ten of a kind are enough to see what is wrong; the last says how many there were.
        $frames.Count - $dense | Should -BeGreaterThan 11
        $problems | Should -HaveCount 11
        "$($problems[0])" | Should -BeLike '*strain_+0.0000*: no.*'
        "$($problems[10])" | Should -BeLike "*$($frames.Count - $dense) in all*"
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'FilterScriptFailed,*'
    }

    It 'tells in a variable how many were left out, and why' {
        $null = $frames | Select-TrainingFrame { $_.Structure.Volume -lt 60 } -RejectedVariable out -WarningAction SilentlyContinue
        $out | Should -HaveCount 1
        $out[0].Reason | Should -Be 'FilterScript'
        $out[0].Count | Should -Be ($frames.Count - $dense)
    }

    It 'keeps what was left out in a file that says why, and replaces it only by force' {
        $path = Join-Path $TestDrive 'rejected.extxyz'
        $kept = @($frames | Select-TrainingFrame { $_.Structure.Volume -lt 60 } -RejectedPath $path -WarningAction SilentlyContinue)
        $back = @(Import-TrainingSet $path)
        $kept.Count + $back.Count | Should -Be $frames.Count
        $back | ForEach-Object { $_.Information['rejected'] | Should -Be 'FilterScript' }
        { $frames | Select-TrainingFrame -RejectedPath $path } | Should -Throw -ErrorId 'FileExists,*'
        $null = $frames | Select-TrainingFrame { $_.Structure.Volume -ge 60 } -RejectedPath $path -Force -WarningAction SilentlyContinue
        Import-TrainingSet $path | Should -HaveCount $dense
    }

    It 'picks the same diverse frames in any order of input' {
        $one = ($frames | Select-TrainingFrame -Farthest 5 -WarningAction SilentlyContinue).Structure.ContentHash | Sort-Object
        $other = ($frames[20..0] | Select-TrainingFrame -Farthest 5 -WarningAction SilentlyContinue).Structure.ContentHash | Sort-Object
        $one | Should -HaveCount 5
        $other | Should -Be $one
    }
}
