#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Split-TrainingSet' {
    $calls = @{
        Cmdlet          = 'Split-TrainingSet'
        Prepare         = { Import-Outcar al-strain }
        Run             = { param($With, $Place) $Place.Data | Split-TrainingSet -TrainFraction 0.7 -SplitBy Blocked -LeakReport "$($Place.Fresh()).csv" @With }
        ByPropertyName  = { param($With, $Place) $Place.Data | ForEach-Object { [pscustomobject]@{ Frame = $_ } } | Split-TrainingSet -TrainFraction 0.7 -SplitBy Blocked @With }
        Fail            = { param($With, $Place) $Place.Data | Split-TrainingSet -TrainFraction 1.7 @With }
        FailId          = 'SplitFractionInvalid'
        GivesWithWhatIf = $true
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    BeforeAll { $script:frames = Import-Outcar "$PSScriptRoot/../../samples/al-strain" }

    It 'gives every frame once, the same in any order of input' {
        $one, $other = $frames, $frames[20..0] | ForEach-Object { , @($_ | Split-TrainingSet -TrainCount 14 -TestCount 4 -Seed 5 -SkipLeakReport -WarningAction SilentlyContinue) }
        $one | Should -HaveCount 21
        ($one | Where-Object Part -eq Train) | Should -HaveCount 14
        ($one | Where-Object Part -eq Test) | Should -HaveCount 4
        ($other | ForEach-Object { "$($_.Part) $($_.Frame.Structure.ContentHash)" }) | Should -Be ($one | ForEach-Object { "$($_.Part) $($_.Frame.Structure.ContentHash)" })
    }

    It 'tells each test frame how near the training lies' {
        $split = $frames | Split-TrainingSet -TrainFraction 0.7 -SplitBy Blocked -WarningAction SilentlyContinue
        $split | Where-Object Part -eq Test | ForEach-Object { $_.NearestDistance | Should -BeGreaterThan 0 }
        $split | Where-Object Part -eq Train | ForEach-Object { $_.NearestDistance | Should -BeNullOrEmpty }
    }

    It 'hands its parts to Export-TrainingSet' {
        $files = $frames | Split-TrainingSet -TrainCount 14 -TestCount 4 -SplitBy Blocked -SkipLeakReport -WarningAction SilentlyContinue |
            Export-TrainingSet (Join-Path $TestDrive 'set.extxyz') -WarningAction SilentlyContinue
        $files.Part | Should -Be Train, Test
        $files.FrameCount | Should -Be 14, 4
    }
}
