#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Measure-DftConvergence' {
    $calls = @{
        Cmdlet         = 'Measure-DftConvergence'
        Prepare        = {
            $text = Get-Content al-strain/strain_+0.0000/OUTCAR -Raw
            foreach ($cutoff in 400, 500, 600) {
                $null = New-Item "conv/$cutoff" -ItemType Directory
                Set-Content "conv/$cutoff/OUTCAR" -NoNewline -Value $text.Replace('ENCUT = 400', "ENCUT = $cutoff").Replace('ENCUT  =  400.0', "ENCUT  =  $cutoff.0")
            }

            Import-Outcar conv -WarningAction SilentlyContinue
        }
        Run            = { param($With, $Place) $Place.Data | Measure-DftConvergence @With }
        Fail           = { param($With, $Place) $Place.Data[0] | Measure-DftConvergence @With }
        FailId         = 'ConvergenceUnclear'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'recommends the cheapest of equal ones' {
        $text = Get-Content "$PSScriptRoot/../../samples/al-strain/strain_+0.0000/OUTCAR" -Raw
        $frames = foreach ($cutoff in 400, 500, 600) {
            $null = New-Item "$TestDrive/conv/$cutoff" -ItemType Directory
            Set-Content "$TestDrive/conv/$cutoff/OUTCAR" -NoNewline -Value $text.Replace('ENCUT = 400', "ENCUT = $cutoff").Replace('ENCUT  =  400.0', "ENCUT  =  $cutoff.0")
            Import-Outcar "$TestDrive/conv/$cutoff"
        }

        ($frames | Measure-DftConvergence).Recommended | Should -Be 400
    }
}
